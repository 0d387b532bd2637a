"""Addresses of the top floor."""

from django.urls import path

from reports.views import (
    audit,
    commune,
    compare,
    criterion,
    documents,
    explain,
    gallery,
    guide,
    home,
    moves,
    operations,
    overview,
    papers,
    search,
    units,
    work,
    workbooks,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("work/", work.my_work, name="work"),
    path("overview/<str:code>/", overview.overview_page, name="overview"),
    path("overview/<str:code>/excel/", workbooks.overview_workbook, name="overview_workbook"),
    path("compare/<str:code>/", compare.compare_units, name="compare"),
    path("moves/<str:code>/", moves.why_moved, name="moves"),
    path("moves/<str:code>/excel/", moves.moves_workbook, name="moves_workbook"),
    path("overview/<str:code>/explain/<slug:figure>/", explain.explain_figure, name="explain"),
    path(
        "overview/<str:code>/explain/<slug:figure>/excel/",
        explain.explain_workbook,
        name="explain_workbook",
    ),
    path(
        "overview/<str:code>/criteria/<int:number>/",
        criterion.criterion,
        name="criterion",
    ),
    path(
        "overview/<str:code>/criteria/<int:number>/excel/",
        criterion.criterion_workbook,
        name="criterion_workbook",
    ),
    path("communes/<str:code>/excel/", workbooks.commune_workbook, name="commune_workbook"),
    path(
        "communes/<str:code>/sheet/<int:year>/",
        documents.yearly_sheet_file,
        name="yearly_sheet",
    ),
    path(
        "communes/<str:code>/sheet/<int:year>/pdf/",
        documents.yearly_sheet_pdf,
        name="yearly_sheet_pdf",
    ),
    path("communes/<str:code>/", commune.commune_page, name="commune"),
    path("communes/<str:code>/cells/<str:indicator>/", audit.cell_page, name="cell"),
    path("provinces/<str:code>/log/", audit.change_log, name="change_log"),
    path("provinces/<str:code>/log/<int:seq>/", audit.change_page, name="change"),
    path(
        "provinces/<str:code>/decisions/excel/",
        papers.decisions_workbook,
        name="decisions_workbook",
    ),
    path("provinces/<str:code>/plans/excel/", papers.plans_workbook, name="plans_workbook"),
    path("units/<str:code>/", units.units_list, name="units"),
    path("units/<str:code>/excel/", units.units_workbook, name="units_workbook"),
    path("people/excel/", workbooks.people_workbook, name="people_workbook"),
    path("operations/", operations.operations, name="operations"),
    path("operations/jobs/<int:pk>/again/", operations.run_again, name="run_again"),
    path("guide/", guide.guide, name="guide"),
    path("search/", search.search_page, name="search"),
    path("gallery/", gallery.gallery, name="gallery"),
]
