"""Addresses of the first floor."""

from django.urls import path

from criteria.views import entry

urlpatterns = [
    path("communes/<str:code>/entry/", entry.entry_sheet, name="entry"),
    path("communes/<str:code>/entry/<str:indicator>/", entry.save_cell, name="save_cell"),
]
