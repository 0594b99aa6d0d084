"""The data of the dashboard: lists with search, one payment with its timeline, one event with its bodies."""
