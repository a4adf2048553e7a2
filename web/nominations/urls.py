"""Addresses of nominations."""

from django.urls import path

from web.nominations import views, writing

urlpatterns = [
    path("", views.nominations, name="nominations"),
    path("add/", writing.nomination_add, name="nomination-add"),
    path("<int:nomination_id>/", views.nomination, name="nomination"),
    path("<int:nomination_id>/edit/", writing.nomination_edit, name="nomination-edit"),
    path("<int:nomination_id>/discard/", writing.nomination_discard, name="nomination-discard"),
]
