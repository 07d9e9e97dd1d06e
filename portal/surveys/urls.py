"""Addresses of surveys."""

from django.urls import path

from . import views

ONE = "surveys/<str:code>/"

urlpatterns = [
    path("surveys/", views.surveys, name="surveys"),
    path("surveys/issue/", views.issue, name="surveys-issue"),
    path(ONE, views.survey, name="surveys-one"),
    path(f"{ONE}withdraw/", views.withdraw, name="surveys-withdraw"),
    path(f"{ONE}remind/", views.remind, name="surveys-remind"),
    path(f"{ONE}remarks/", views.remarks, name="surveys-remarks"),
]
