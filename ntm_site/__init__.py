"""Wiring of the site: settings, addresses, tasks, services. No app imports it."""

from ntm_site.celery import app as celery_app

__all__ = ["celery_app"]
