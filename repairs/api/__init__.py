"""Addresses of repairs for programs, beside those every flow has."""

from django.urls import path

from .asset_import import AssetImport
from .assets import AssetCorrections, AssetMoves, Assets, OneAsset
from .day import Day
from .settings import DispatchRules, Tiers
from .similar import SimilarReports
from .stock import Stock, StockImport, StockMoves, StockOne
from .stocktakes import CountLines, Scans, Settling

urlpatterns = [
    path("assets", Assets.as_view()),
    path("assets/import", AssetImport.as_view()),
    path("assets/<int:pk>", OneAsset.as_view()),
    path("assets/<int:pk>/moves", AssetMoves.as_view()),
    path("dispatching", DispatchRules.as_view()),
    path("tiers", Tiers.as_view()),
    path("assets/<int:pk>/corrections", AssetCorrections.as_view()),
    path("stock", Stock.as_view()),
    path("stock/import", StockImport.as_view()),
    path("stock/<int:pk>", StockOne.as_view()),
    path("stock/<int:pk>/moves", StockMoves.as_view()),
    path("stocktakes/<str:number>/scans", Scans.as_view()),
    path("stocktakes/<str:number>/lines", CountLines.as_view()),
    path("stocktakes/<str:number>/lines/<int:pk>", Settling.as_view()),
    path("today", Day.as_view()),
    path("tickets/similar", SimilarReports.as_view()),
]
