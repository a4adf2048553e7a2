"""Addresses of the list of speakers."""

from django.urls import path

from web.speakers import finding

urlpatterns = [path("", finding.speakers, name="speakers")]
