"""A site with one view that nobody guards."""

from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("open-by-mistake/", lambda request: HttpResponse())]
