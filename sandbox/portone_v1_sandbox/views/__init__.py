"""What the dashboard shows, as data: lists with search, one payment with its timeline, one event with its bodies."""
