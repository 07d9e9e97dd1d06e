"""Addresses of repairs."""

from django.urls import path

from .views import day
from .views import tickets as views

app_name = "repairs"
urlpatterns = [
    path("", views.tickets, name="tickets"),
    path("today/", day.today, name="today"),
    path("report/", views.report, name="report"),
    path("report/similar/", views.similar, name="similar"),
]
