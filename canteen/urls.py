"""Addresses of the canteen."""

from django.urls import path

from .views import dishes, home, ingredients, menus, places, questions, suppliers

app_name = "canteen"
urlpatterns = [
    path("", home.home, name="home"),
    path("menus/", menus.menus, name="menus"),
    path("menus/copy/", menus.copy, name="menu-copy"),
    path("meals/<int:pk>/<str:day>/<str:meal>/", menus.meal, name="meal"),
    path("dishes/", dishes.dishes, name="dishes"),
    path("dishes/add/", dishes.add, name="dish-add"),
    path("dishes/<int:pk>/", dishes.dish, name="dish"),
    path("dishes/<int:pk>/edit/", dishes.edit, name="dish-edit"),
    path("dishes/<int:pk>/price/", dishes.price, name="dish-price"),
    path("dishes/<int:pk>/retire/", dishes.retire, name="dish-retire"),
    path("places/add/", places.add, name="open"),
    path("places/<int:pk>/", places.settings, name="settings"),
    path("places/<int:pk>/close/", places.close, name="close"),
    path("ingredients/", ingredients.ingredients, name="ingredients"),
    path("ingredients/add/", ingredients.add, name="ingredient-add"),
    path("ingredients/import/", ingredients.bring_in, name="ingredients-import"),
    path("ingredients/template.xlsx", ingredients.template, name="ingredients-template"),
    path("ingredients/export.xlsx", ingredients.export, name="ingredients-export"),
    path("ingredients/<int:pk>/", ingredients.edit, name="ingredient-edit"),
    path("ingredients/<int:pk>/retire/", ingredients.retire, name="ingredient-retire"),
    path("suppliers/", suppliers.suppliers, name="suppliers"),
    path("suppliers/add/", suppliers.add, name="supplier-add"),
    path("suppliers/<int:pk>/", suppliers.supplier, name="supplier"),
    path("suppliers/<int:pk>/edit/", suppliers.edit, name="supplier-edit"),
    path("suppliers/<int:pk>/certificate/", suppliers.certificate, name="supplier-certificate"),
    path("suppliers/<int:pk>/contract/", suppliers.contract, name="supplier-contract"),
    path("suppliers/<int:pk>/rate/", suppliers.rate, name="supplier-rate"),
    path("suppliers/<int:pk>/ban/", suppliers.ban, name="supplier-ban"),
    path("ask/", questions.ask, name="ask"),
    path("questions/", questions.questions, name="questions"),
    path("answered/<str:school>/", questions.answered, name="answered"),
]
