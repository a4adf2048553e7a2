"""Addresses of hand-outs for those who make them."""

from django.urls import path

from web.handouts import views

urlpatterns = [
    path("", views.handouts, name="handouts"),
    path("add/", views.handout_add, name="handout-add"),
    path("<int:handout_id>/", views.handout, name="handout"),
    path("<int:handout_id>/edit/", views.handout_edit, name="handout-edit"),
    path("<int:handout_id>/share/", views.handout_share, name="handout-share"),
]
