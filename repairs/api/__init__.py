"""Addresses of repairs for programs, beside those every flow has."""

from django.urls import path

from .assets import AssetMoves, Assets, OneAsset
from .day import Day
from .similar import SimilarReports
from .stock import Stock, StockImport, StockMoves, StockOne

urlpatterns = [
    path("assets", Assets.as_view()),
    path("assets/<int:pk>", OneAsset.as_view()),
    path("assets/<int:pk>/moves", AssetMoves.as_view()),
    path("stock", Stock.as_view()),
    path("stock/import", StockImport.as_view()),
    path("stock/<int:pk>", StockOne.as_view()),
    path("stock/<int:pk>/moves", StockMoves.as_view()),
    path("today", Day.as_view()),
    path("tickets/similar", SimilarReports.as_view()),
]
