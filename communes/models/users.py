"""People who sign in, and the departments they may speak for."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person with an account; what they may do is said by dated assignments."""

    display_name = models.CharField("họ tên hoặc chức danh", max_length=120, blank=True)

    class Meta(AbstractUser.Meta):
        verbose_name = "người dùng"

    def __str__(self) -> str:
        return self.display_name or self.username


class Department(models.Model):
    """A provincial department (sở, ngành) that answers for criteria."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=160)

    class Meta:
        verbose_name = "sở, ngành"

    def __str__(self) -> str:
        return self.name
