"""Addresses of criteria sets, and of what one province makes of them."""

from django.urls import path

from criteria.views import drafts, forcing, province_sets, responsibilities, sets

VERSION = "criteria-sets/<slug:code>/<int:no>/"

urlpatterns = [
    path("criteria-sets/", sets.set_list, name="sets"),
    path("criteria-sets/new/", drafts.new_set, name="new_set"),
    path("criteria-sets/<slug:code>/", sets.latest, name="set"),
    path(VERSION, sets.one_version, name="set_version"),
    path(VERSION + "compare/", sets.side_by_side, name="set_compare"),
    path(VERSION + "rejudged/", forcing.rejudged, name="rejudged"),
    path(VERSION + "check/", forcing.check_levels, name="check_levels"),
    path(VERSION + "new-version/", drafts.start_version, name="start_version"),
    path(VERSION + "edit/", drafts.draft, name="draft"),
    path(VERSION + "edit/head/", drafts.head, name="draft_head"),
    path(VERSION + "edit/criterion/", drafts.criterion, name="draft_criterion"),
    path(
        VERSION + "edit/criteria/<int:number>/drop/", drafts.drop_criterion, name="drop_criterion"
    ),
    path(
        VERSION + "edit/criteria/<int:number>/indicator/", drafts.indicator, name="draft_indicator"
    ),
    path(
        VERSION + "edit/indicators/<str:code_>/drop/", drafts.drop_indicator, name="drop_indicator"
    ),
    path(VERSION + "edit/paste/", drafts.paste, name="draft_paste"),
    path(VERSION + "edit/drop/", drafts.drop, name="drop_draft"),
    path(VERSION + "put-in-force/", forcing.put_in_force, name="put_in_force"),
    path("provinces/<str:code>/sets/", province_sets.province_sets, name="province_sets"),
    path("provinces/<str:code>/sets/adopt/", province_sets.adopt, name="adopt_set"),
    path("provinces/<str:code>/levels/", province_sets.levels, name="province_levels"),
    path("provinces/<str:code>/levels/set/", province_sets.set_level, name="set_level"),
    path(
        "provinces/<str:code>/levels/<int:pk>/withdraw/",
        province_sets.withdraw_level,
        name="withdraw_level",
    ),
    path("provinces/<str:code>/reassess/", province_sets.reassess, name="reassess"),
    path("provinces/<str:code>/departments/", responsibilities.table, name="responsibilities"),
    path(
        "provinces/<str:code>/departments/add/",
        responsibilities.add,
        name="add_responsibility",
    ),
    path(
        "provinces/<str:code>/departments/<int:pk>/end/",
        responsibilities.end,
        name="end_responsibility",
    ),
    path(
        "provinces/<str:code>/departments/<int:pk>/replace/",
        responsibilities.replace,
        name="replace_responsibility",
    ),
    path(
        "provinces/<str:code>/departments/<int:pk>/confirm/",
        responsibilities.confirm,
        name="confirm_responsibility",
    ),
]
