"""Addresses of the find page."""

from django.urls import path

from web.find import proof, views

urlpatterns = [
    path("", views.find, name="find"),
    path("find/tags/", views.find_tags, name="find-tags"),
    path("find/confirm/", views.confirm, name="find-confirm"),
    path("find/drop/", views.drop, name="find-drop"),
    path("proof/", proof.proof_uses, name="proof-uses"),
    path("proof/use/", proof.proof_use, name="proof-use"),
    path("proof/<int:use_id>/enough/", proof.proof_enough, name="proof-enough"),
]
