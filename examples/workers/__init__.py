"""Jobs that survive a killed worker: Celery, APScheduler."""
