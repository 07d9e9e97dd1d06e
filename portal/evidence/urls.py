"""Addresses of evidence."""

from django.urls import path

from . import views

app_name = "evidence"
urlpatterns = [
    path("", views.upload, name="upload"),
    path("<uuid:id>", views.photo, name="photo"),
    path("<uuid:id>/thumb", views.thumbnail, name="thumbnail"),
    path("<uuid:id>/cover", views.cover, name="cover"),
    path("<uuid:id>/original", views.original, name="original"),
    path("<uuid:id>/file", views.download, name="download"),
]
