"""Django application of the first floor: criteria sets, results, decisions and figures."""

from django.apps import AppConfig


class CriteriaConfig(AppConfig):
    name = "criteria"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Tiêu chí và kết quả"
