"""결제예약: schedules, their charges and lists."""
