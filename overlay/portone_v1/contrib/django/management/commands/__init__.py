"""The commands: `manage.py portone_…`."""
