"""Addresses of calendar feeds."""

from django.urls import path

from web.calendar import feeds

urlpatterns = [path("<str:token>.ics", feeds.feed, name="calendar-feed")]
