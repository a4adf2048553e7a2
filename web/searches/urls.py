"""Addresses of saved searches."""

from django.urls import path

from web.searches import views

urlpatterns = [
    path("", views.searches, name="searches"),
    path("save/", views.search_save, name="search-save"),
    path("<int:search_id>/change/", views.search_change, name="search-change"),
    path("<int:search_id>/look/", views.search_look, name="search-look"),
]
