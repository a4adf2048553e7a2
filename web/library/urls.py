"""Addresses of the content library: the list, one piece, and what is done to it."""

from django.urls import path

from web.library import acting, views

urlpatterns = [
    path("", views.content, name="content"),
    path("<str:kind>/<int:story_id>/", views.piece, name="content-piece"),
    path("<str:kind>/<int:story_id>/give/", acting.give, name="content-give"),
    path("<str:kind>/<int:story_id>/recall/", acting.recall, name="content-recall"),
    path("<str:kind>/<int:story_id>/move/", acting.move, name="content-move"),
    path("<str:kind>/<int:story_id>/apply/", acting.apply, name="content-apply"),
    path("<str:kind>/<int:story_id>/numbers/add/", acting.number, name="content-number-add"),
    path("<str:kind>/<int:story_id>/numbers/<int:point_id>/", acting.number, name="content-number"),
    path("<str:kind>/<int:story_id>/uses/", acting.use_add, name="content-use-add"),
    path("<str:kind>/<int:story_id>/uses/end/", acting.use_end, name="content-use-end"),
]
