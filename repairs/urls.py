"""Addresses of repairs."""

from django.urls import path

from .views import day, dispatching, visits
from .views import tickets as views

app_name = "repairs"
urlpatterns = [
    path("", views.tickets, name="tickets"),
    path("dispatching/", dispatching.rules, name="dispatching"),
    path("today/", day.today, name="today"),
    path("visit/<str:code>/", visits.visit, name="visit"),
    path("report/", views.report, name="report"),
    path("report/similar/", views.similar, name="similar"),
]
