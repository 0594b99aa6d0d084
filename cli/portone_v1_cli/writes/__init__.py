"""Commands that change something: the confirmation, the signals, and the printed outcome."""
