"""Which static files are collected: of Plotly's package only the script that the pages load."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFiles(StaticFilesConfig):
    # Ten megabytes that no page asks for, and half a minute of compressing them.
    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "widgetbundle.js", "datasets"]
