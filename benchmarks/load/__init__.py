"""Many callers at once: a server that takes its time, and each side with each number of callers in its own process."""
