"""Addresses of the first floor."""

from django.urls import include, path

from criteria.views import (
    attributes,
    commune_months,
    entry,
    entry_block,
    entry_grid,
    months,
    opening,
    openings,
    rearranging,
    reviews,
)

_GRID = "provinces/<str:code>/entry/<slug:set_code>/<int:number>/"

urlpatterns = [
    path("", include("criteria.set_urls")),
    path("communes/<str:code>/entry/", entry.entry_sheet, name="entry"),
    path("communes/<str:code>/entry/block/", entry_block.preview_block, name="preview_block"),
    path("communes/<str:code>/entry/block/apply/", entry_block.apply_block, name="apply_block"),
    path("communes/<str:code>/entry/undo/", entry_block.undo_entry, name="undo_entry"),
    path("communes/<str:code>/entry/<str:indicator>/", entry.save_cell, name="save_cell"),
    path("communes/<str:code>/month/", commune_months.commune_month, name="commune_month"),
    path("communes/<str:code>/month/submit/", commune_months.submit_month, name="submit_month"),
    path("communes/<str:code>/month/return/", commune_months.return_month, name="return_month"),
    path("provinces/<str:code>/months/", months.months_list, name="months"),
    path("provinces/<str:code>/months/<str:month>/", months.month_page, name="month"),
    path("provinces/<str:code>/months/<str:month>/close/", months.close_month, name="close_month"),
    path(
        "provinces/<str:code>/months/<str:month>/reopen/",
        months.reopen_month,
        name="reopen_month",
    ),
    path("provinces/<str:code>/entry/", entry_grid.choose, name="entry_choose"),
    path(_GRID, entry_grid.entry_grid, name="entry_grid"),
    path(_GRID + "block/", entry_block.preview_grid_block, name="preview_grid_block"),
    path(_GRID + "block/apply/", entry_block.apply_grid_block, name="apply_grid_block"),
    path(_GRID + "undo/", entry_block.undo_grid, name="undo_grid"),
    path(_GRID + "rows/<str:commune>/", entry_grid.save_grid_row, name="save_grid_row"),
    path(
        _GRID + "cells/<str:commune>/<str:indicator>/",
        entry_grid.save_grid_cell,
        name="save_grid_cell",
    ),
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
    path("communes/<str:code>/opening/", opening.opening, name="opening"),
    path("communes/<str:code>/opening/choose/", opening.choose, name="choose_opening"),
    path("communes/<str:code>/opening/preview/", opening.preview, name="preview_opening"),
    path("communes/<str:code>/opening/record/", opening.record, name="record_opening"),
    path("communes/<str:code>/opening/undo/", opening.undo, name="undo_opening"),
    path(
        "communes/<str:code>/opening/status/",
        opening.preview_status,
        name="preview_opening_status",
    ),
    path(
        "communes/<str:code>/opening/status/record/",
        opening.record_status,
        name="record_opening_status",
    ),
    path(
        "communes/<str:code>/opening/status/undo/",
        opening.undo_status,
        name="undo_opening_status",
    ),
    path("provinces/<str:code>/openings/", openings.new_units, name="openings"),
    path("provinces/<str:code>/openings/proposed/", openings.proposed, name="openings_proposed"),
    path(
        "provinces/<str:code>/openings/proposed/record/",
        openings.record_proposed,
        name="record_proposed",
    ),
    path(
        "provinces/<str:code>/openings/<int:change>/undo/",
        openings.undo_act,
        name="undo_openings",
    ),
    path("units/<str:code>/events/", rearranging.events_list, name="unit_events"),
    path("units/<str:code>/events/new/", rearranging.new_event, name="new_unit_event"),
    path("units/<str:code>/events/<int:event>/", rearranging.event_page, name="unit_event"),
    path(
        "units/<str:code>/events/<int:event>/edges/",
        rearranging.event_edges,
        name="unit_event_edges",
    ),
    path(
        "units/<str:code>/events/<int:event>/withdraw/",
        rearranging.withdraw_event,
        name="withdraw_unit_event",
    ),
    path("units/<str:code>/attributes/", attributes.attributes, name="unit_attributes"),
    path(
        "units/<str:code>/attributes/<int:change>/undo/",
        attributes.undo_attributes,
        name="undo_unit_attributes",
    ),
]
