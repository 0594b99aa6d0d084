"""What it costs to move money once: requests, CPU, and the journal's commits."""
