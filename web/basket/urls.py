"""Addresses of the basket."""

from django.urls import path

from web.basket import views

urlpatterns = [
    path("", views.basket, name="basket"),
    path("add/", views.basket_add, name="basket-add"),
    path("remove/", views.basket_remove, name="basket-remove"),
]
