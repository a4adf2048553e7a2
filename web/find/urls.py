"""Addresses of the find page."""

from django.urls import path

from web.find import views

urlpatterns = [
    path("", views.find, name="find"),
    path("find/tags/", views.find_tags, name="find-tags"),
    path("find/confirm/", views.confirm, name="find-confirm"),
]
