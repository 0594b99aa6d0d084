"""The control calls under `/_sandbox/`."""
