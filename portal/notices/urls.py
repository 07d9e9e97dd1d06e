"""Addresses of the inbox."""

from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("badge", views.badge, name="badge"),
    path("<int:pk>/go", views.go, name="go"),
    path("read", views.read, name="read"),
    path("channels", views.channels, name="channels"),
    path("undelivered", views.undelivered, name="undelivered"),
    path("undelivered/<int:pk>/retry", views.retry, name="retry"),
]
