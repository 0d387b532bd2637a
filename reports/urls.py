"""Addresses of the top floor."""

from django.urls import path

from reports.views import commune, home, overview

urlpatterns = [
    path("", home.home, name="home"),
    path("overview/<str:code>/", overview.overview_page, name="overview"),
    path("communes/<str:code>/", commune.commune_page, name="commune"),
]
