"""Addresses of cases: `/repairs/tickets/BX-LX01-2026-00017/` and its steps."""

from django.urls import path

from . import views
from .many import many

app_name = "cases"
urlpatterns = [
    path("receipt/", views.receipt, name="receipt"),
    path("<slug:affair>/<slug:plural>/many/<slug:name>/", many, name="many"),
    path("<slug:affair>/<slug:plural>/<str:number>/", views.case, name="case"),
    path("<slug:affair>/<slug:plural>/<str:number>/print/", views.sheet, name="sheet"),
    path("<slug:affair>/<slug:plural>/<str:number>/<slug:name>/", views.step, name="step"),
]
