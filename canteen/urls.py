"""Addresses of the canteen."""

from django.urls import path

from .views import dishes, home, menus

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
]
