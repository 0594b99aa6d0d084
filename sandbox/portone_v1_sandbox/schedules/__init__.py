"""예약결제: schedules, their runs and lists."""
