"""Addresses of stickers: short, because they are printed."""

from django.urls import path

from . import views

app_name = "stickers"
urlpatterns = [
    path("", views.typing, name="typing"),
    path("<str:code>/", views.scan, name="scan"),
]
