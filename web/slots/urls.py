"""Addresses of slots and of what is done with them."""

from django.urls import path

from web.slots import acts, calendar, listing, page, writing

urlpatterns = [
    path("", listing.slots, name="slots"),
    path("calendar/", calendar.slot_calendar, name="slot-calendar"),
    path("add/", writing.slot_add, name="slot-add"),
    path("<int:slot_id>/", page.slot_page, name="slot"),
    path("<int:slot_id>/edit/", writing.slot_edit, name="slot-edit"),
    path("<int:slot_id>/hold/", acts.slot_hold, name="slot-hold"),
    path("<int:slot_id>/source/", acts.slot_source, name="slot-source"),
    path("<int:slot_id>/release/", acts.slot_release, name="slot-release"),
    path("<int:slot_id>/cancel/", acts.slot_cancel, name="slot-cancel"),
    path("<int:slot_id>/deliver/", acts.slot_deliver, name="slot-deliver"),
]
