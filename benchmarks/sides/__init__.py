"""One module for each side; its libraries are imported there and nowhere else."""
