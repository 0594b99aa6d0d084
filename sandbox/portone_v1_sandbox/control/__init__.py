"""Control calls under `/_sandbox/`."""
