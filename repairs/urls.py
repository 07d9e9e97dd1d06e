"""Addresses of repairs."""

from django.urls import path

from .views import assets, day, dispatching, stocktakes, visits
from .views import tickets as views

app_name = "repairs"
urlpatterns = [
    path("", views.tickets, name="tickets"),
    path("dispatching/", dispatching.rules, name="dispatching"),
    path("today/", day.today, name="today"),
    path("assets/", assets.assets, name="assets"),
    path("assets/add/", assets.add, name="asset-add"),
    path("assets/excel/", assets.excel, name="assets-excel"),
    path("assets/<int:pk>/", assets.asset, name="asset"),
    path("assets/<int:pk>/edit/", assets.edit, name="asset-edit"),
    path("assets/<int:pk>/move/", assets.move, name="asset-move"),
    path("stocktakes/new/", stocktakes.begin, name="stocktake-begin"),
    path("stocktakes/<str:number>/count/", stocktakes.count, name="count"),
    path("stocktakes/<str:number>/differences/", stocktakes.differences, name="differences"),
    path("stocktakes/<str:number>/differences/<int:pk>/", stocktakes.settling, name="settle"),
    path("visit/<str:code>/", visits.visit, name="visit"),
    path("report/", views.report, name="report"),
    path("report/similar/", views.similar, name="similar"),
]
