"""Django application of the top floor: pages, charts and documents."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Báo cáo"

    def ready(self) -> None:
        # Celery's signals find their receivers once these are imported.
        from reports.operations import runs  # noqa: F401
