"""The containers of the state: they know what has changed, and read from the file what is needed."""
