"""Addresses behind signed links; whatever changes something is an act, and is posted."""

from django.urls import path

from web.portal import unsubscribing, views

urlpatterns = [
    path("", views.own_link, name="portal-link"),
    path("<str:token>/", views.portal, name="portal"),
    path("<str:token>/meeting.ics", views.meeting, name="portal-meeting"),
    path("<str:token>/unsubscribe/", unsubscribing.unsubscribe, name="portal-unsubscribe"),
    path("<str:token>/<slug:act>/", views.act, name="portal-act"),
]
