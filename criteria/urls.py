"""Addresses of the first floor."""

from django.urls import path

from criteria.views import entry, reviews

urlpatterns = [
    path("communes/<str:code>/entry/", entry.entry_sheet, name="entry"),
    path("communes/<str:code>/entry/<str:indicator>/", entry.save_cell, name="save_cell"),
    path("reviews/<str:code>/", reviews.review_queue, name="review_queue"),
    path(
        "reviews/<str:code>/<slug:set_code>/<int:number>/",
        reviews.review_list,
        name="review_list",
    ),
    path(
        "reviews/<str:code>/<slug:set_code>/<int:number>/check/",
        reviews.review_check,
        name="review_check",
    ),
    path(
        "reviews/<str:code>/<slug:set_code>/<int:number>/done/",
        reviews.review,
        name="review",
    ),
]
