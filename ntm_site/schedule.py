"""When the tasks of the schedule run (Celery beat, Vietnamese time)."""

from celery.schedules import crontab

BEAT = {
    "check every figure against the ledger": {
        "task": "criteria.tasks.check_all_figures",
        "schedule": crontab(hour=1, minute=30),
        # A night missed by more than this is left to the next one.
        "options": {"expires": 6 * 3600},
    },
    "remind communes that have not sent in their month": {
        "task": "criteria.tasks.remind_communes",
        "schedule": crontab(hour=7, minute=30),
        "options": {"expires": 12 * 3600},
    },
    "make drafts of the monthly report on the office's day": {
        "task": "reports.tasks.make_drafts",
        "schedule": crontab(hour=6, minute=0),
        "options": {"expires": 12 * 3600},
    },
    "make stale dashboards and series ready": {
        "task": "reports.tasks.prepare_stale",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "forget what jobs did a month ago": {
        "task": "reports.tasks.forget_old_runs",
        "schedule": crontab(hour=2, minute=30),
        "options": {"expires": 12 * 3600},
    },
}
