"""Addresses of the site: each app brings its own."""

from django.urls import include, path

from ntm_site import checks  # noqa: F401  (registers the check that every view is guarded)
from ntm_site.health import health

urlpatterns = [
    path("health/", health, name="health"),
    path("", include("communes.urls")),
    path("", include("criteria.urls")),
    path("", include("reports.urls")),
]
