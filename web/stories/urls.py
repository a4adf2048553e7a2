"""Addresses of the gallery."""

from django.urls import path

from web.stories import gallery

urlpatterns = [path("", gallery.gallery, name="stories")]
