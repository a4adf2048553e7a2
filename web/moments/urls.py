"""Addresses of moments."""

from django.urls import path

from web.moments import views

urlpatterns = [
    path("", views.moments, name="moments"),
    path("hand-over/<int:nomination_id>/", views.moment_hand_over, name="moment-hand-over"),
    path("<int:handover_id>/", views.moment, name="moment"),
    path("<int:handover_id>/move/", views.moment_move, name="moment-move"),
    path("<int:handover_id>/ask/", views.moment_ask, name="moment-ask"),
]
