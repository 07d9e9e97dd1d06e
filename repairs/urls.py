"""Addresses of repairs."""

from django.urls import path

from .views import tickets as views

app_name = "repairs"
urlpatterns = [
    path("", views.tickets, name="tickets"),
    path("report/", views.report, name="report"),
    path("report/similar/", views.similar, name="similar"),
]
