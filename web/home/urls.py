"""Addresses of the managers' home."""

from django.urls import path

from web.home import people, views

urlpatterns = [
    path("", views.home, name="home"),
    path("people/", people.figure_people, name="figure-people"),
]
