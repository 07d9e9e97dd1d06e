"""Addresses of repairs for programs, beside those every flow has."""

from django.urls import path

from .day import Day
from .similar import SimilarReports

urlpatterns = [
    path("today", Day.as_view()),
    path("tickets/similar", SimilarReports.as_view()),
]
