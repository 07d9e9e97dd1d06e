"""The worker and the beat: they wake the clock, and nothing else is scheduled anywhere."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
app = Celery("sunlit")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
