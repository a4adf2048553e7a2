"""Addresses of segments."""

from django.urls import path

from web.segments import views

urlpatterns = [
    path("", views.segments, name="segments"),
    path("quiet/", views.quiet, name="segments-quiet"),
    path("quiet/<int:contact_id>/play/", views.quiet_play, name="segments-quiet-play"),
    path("owners/", views.owners, name="segments-owners"),
]
