"""Addresses of repairs."""

from django.urls import path

from . import views

app_name = "repairs"
urlpatterns = [path("report/", views.report, name="report")]
