"""Addresses of repairs."""

from django.urls import path

from . import views

app_name = "repairs"
urlpatterns = [
    path("", views.tickets, name="tickets"),
    path("report/", views.report, name="report"),
]
