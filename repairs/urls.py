"""Addresses of repairs."""

from django.urls import path

from .views import asset_sheets, assets, day, dispatching, materials, stock, stock_sheets, stocktakes, visits
from .views import tickets as views

app_name = "repairs"
urlpatterns = [
    path("", views.tickets, name="tickets"),
    path("dispatching/", dispatching.rules, name="dispatching"),
    path("materials/new/", materials.restock, name="restock"),
    path("tiers/", materials.tiers, name="tiers"),
    path("stock/", stock.items, name="stock"),
    path("stock/add/", stock.add, name="stock-add"),
    path("stock/import/", stock_sheets.bring_in, name="stock-import"),
    path("stock/template.xlsx", stock_sheets.template, name="stock-template"),
    path("stock/export.xlsx", stock_sheets.export, name="stock-export"),
    path("stock/<int:pk>/", stock.item, name="stock-item"),
    path("stock/<int:pk>/edit/", stock.edit, name="stock-edit"),
    path("stock/<int:pk>/<slug:verb>/", stock.move, name="stock-move"),
    path("today/", day.today, name="today"),
    path("assets/", assets.assets, name="assets"),
    path("assets/add/", assets.add, name="asset-add"),
    path("assets/import/", asset_sheets.bring_in, name="asset-import"),
    path("assets/template.xlsx", asset_sheets.template, name="asset-template"),
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
