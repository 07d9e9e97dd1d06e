"""Addresses of the canteen for programs, beside those every flow has."""

from django.urls import path

from .ingredients import Ingredients, IngredientsImport, OneIngredient
from .places import Canteens, ClosingCanteen, OneCanteen
from .suppliers import Banning, Certificates, Contracts, OneSupplier, SupplierRatings, Suppliers, TakingBack

urlpatterns = [
    path("places", Canteens.as_view()),
    path("places/<int:pk>", OneCanteen.as_view()),
    path("places/<int:pk>/close", ClosingCanteen.as_view()),
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
]
