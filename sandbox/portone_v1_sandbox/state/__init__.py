"""Records, and the state that holds them."""
