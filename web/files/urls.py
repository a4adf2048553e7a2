"""Addresses of uploaded files."""

from django.urls import path

from web.files import views

urlpatterns = [
    path("<uuid:file_id>/", views.give_file, name="file"),
    path("<uuid:file_id>/remove/", views.file_remove, name="file-remove"),
    path("of/<slug:noun>/<int:owner_id>/", views.file_add, name="file-add"),
]
