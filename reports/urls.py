"""Addresses of the top floor."""

from django.urls import path

from reports.views import commune, home, overview, workbooks

urlpatterns = [
    path("", home.home, name="home"),
    path("overview/<str:code>/", overview.overview_page, name="overview"),
    path("overview/<str:code>/excel/", workbooks.overview_workbook, name="overview_workbook"),
    path("communes/<str:code>/excel/", workbooks.commune_workbook, name="commune_workbook"),
    path("communes/<str:code>/", commune.commune_page, name="commune"),
]
