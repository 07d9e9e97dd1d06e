"""Addresses of the canteen."""

from django.urls import path

from .views import home

app_name = "canteen"
urlpatterns = [
    path("", home.home, name="home"),
]
