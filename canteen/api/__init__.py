"""Addresses of the canteen for programs, beside those every flow has."""

from django.urls import path

from .books import Account, Entries, Months, OneEntry, ReversingEntry, SealingEntry
from .dishes import Dishes, DishPrices, OneDish, RetiringDish
from .duties import HealthCards, LeavingKitchen, Samples, Seats
from .ingredients import Ingredients, IngredientsImport, OneIngredient
from .kitchen import CameraHeartbeat, Cameras, OneCamera, RetiringCamera, Viewing
from .meals import Balances, MealCounts, MoneyImport, Moves, OwnMoney, Refunds
from .menus import CopiedMenus, Menus
from .places import Canteens, ClosingCanteen, OneCanteen
from .refunds import OneRefundPlan, RefundDone, RefundPlans, SigningPlan
from .stock import BookIns, Counts, Issues, OneShelf, ShelfMoves, Shelves, WriteOffs
from .suppliers import Banning, Certificates, Contracts, OneSupplier, SupplierRatings, Suppliers, TakingBack
from .vouchers import Vouchers

urlpatterns = [
    path("books", Entries.as_view()),
    path("books/account", Account.as_view()),
    path("books/months", Months.as_view()),
    path("books/<int:pk>", OneEntry.as_view()),
    path("books/<int:pk>/seal", SealingEntry.as_view()),
    path("books/<int:pk>/reverse", ReversingEntry.as_view()),
    path("books/<int:pk>/vouchers", Vouchers.as_view()),
    path("books/plans", RefundPlans.as_view()),
    path("books/plans/<int:pk>", OneRefundPlan.as_view()),
    path("books/plans/<int:pk>/sign", SigningPlan.as_view()),
    path("books/plans/<int:pk>/done", RefundDone.as_view()),
    path("meal-counts", MealCounts.as_view()),
    path("meal-money", OwnMoney.as_view()),
    path("meal-money/all", Balances.as_view()),
    path("meal-money/import", MoneyImport.as_view()),
    path("meal-money/<int:pk>", Moves.as_view()),
    path("meal-money/<int:pk>/refund", Refunds.as_view()),
    path("cameras", Cameras.as_view()),
    path("cameras/<int:pk>/heartbeat", CameraHeartbeat.as_view()),
    path("cameras/<int:pk>", OneCamera.as_view()),
    path("cameras/<int:pk>/retire", RetiringCamera.as_view()),
    path("dishes", Dishes.as_view()),
    path("dishes/<int:pk>", OneDish.as_view()),
    path("dishes/<int:pk>/prices", DishPrices.as_view()),
    path("dishes/<int:pk>/retire", RetiringDish.as_view()),
    path("health-cards", HealthCards.as_view()),
    path("health-cards/<int:pk>/leave", LeavingKitchen.as_view()),
    path("menus", Menus.as_view()),
    path("menus/copy", CopiedMenus.as_view()),
    path("samples", Samples.as_view()),
    path("places", Canteens.as_view()),
    path("places/<int:pk>", OneCanteen.as_view()),
    path("places/<int:pk>/close", ClosingCanteen.as_view()),
    path("places/<int:pk>/viewing", Viewing.as_view()),
    path("places/<int:pk>/seats", Seats.as_view()),
    path("ingredients", Ingredients.as_view()),
    path("ingredients/import", IngredientsImport.as_view()),
    path("ingredients/<int:pk>", OneIngredient.as_view()),
    path("suppliers", Suppliers.as_view()),
    path("suppliers/<int:pk>", OneSupplier.as_view()),
    path("suppliers/<int:pk>/certificates", Certificates.as_view()),
    path("suppliers/<int:pk>/contracts", Contracts.as_view()),
    path("suppliers/<int:pk>/ratings", SupplierRatings.as_view()),
    path("suppliers/<int:pk>/ban", Banning.as_view()),
    path("suppliers/<int:pk>/take-back", TakingBack.as_view()),
    path("stock", Shelves.as_view()),
    path("stock/issues", Issues.as_view()),
    path("stock/counts", Counts.as_view()),
    path("stock/book-ins", BookIns.as_view()),
    path("stock/lots/<int:pk>/write-offs", WriteOffs.as_view()),
    path("stock/<int:pk>", OneShelf.as_view()),
    path("stock/<int:pk>/moves", ShelfMoves.as_view()),
]
