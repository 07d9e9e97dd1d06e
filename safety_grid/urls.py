"""Addresses of the safety grid."""

from django.urls import path

from .views import hazards

app_name = "safety_grid"
urlpatterns = [
    path("", hazards.hazards, name="hazards"),
    path("report/", hazards.report, name="report"),
    path("visit/<str:code>/", hazards.visit, name="visit"),
]
