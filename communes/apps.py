"""Django application of the ground floor: units over time, people, scope and audit."""

from django.apps import AppConfig


class CommunesConfig(AppConfig):
    name = "communes"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Đơn vị và người dùng"
