"""Addresses of the first floor."""

from django.urls import path

from criteria.views import attributes, entry, rearranging

urlpatterns = [
    path("communes/<str:code>/entry/", entry.entry_sheet, name="entry"),
    path("communes/<str:code>/entry/<str:indicator>/", entry.save_cell, name="save_cell"),
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
