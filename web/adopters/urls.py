"""Addresses of early-adopter programs."""

from django.urls import path

from web.adopters import candidates, programs, seats, writing

urlpatterns = [
    path("", programs.programs, name="adopters"),
    path("add/", writing.add, name="adopter-add"),
    path("<int:adopter_id>/", programs.program, name="adopter-program"),
    path("<int:adopter_id>/edit/", writing.edit, name="adopter-edit"),
    path("<int:adopter_id>/move/", writing.move, name="adopter-move"),
    path("<int:adopter_id>/candidates/", candidates.candidates, name="adopter-candidates"),
    path("<int:adopter_id>/invite/", candidates.invite, name="adopter-invite"),
    path("seats/<int:seat_id>/", seats.seat, name="adopter-seat"),
    path("seats/<int:seat_id>/move/", seats.move, name="adopter-seat-move"),
    path("seats/<int:seat_id>/feedback/", seats.feedback, name="adopter-seat-feedback"),
]
