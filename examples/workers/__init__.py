"""Jobs that survive a killed worker: Celery, arq, APScheduler."""
