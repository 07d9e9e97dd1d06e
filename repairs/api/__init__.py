"""Addresses of repairs for programs, beside those every flow has."""

from django.urls import path

from .similar import SimilarReports

urlpatterns = [
    path("tickets/similar", SimilarReports.as_view()),
]
