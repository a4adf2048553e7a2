"""Addresses behind a promoter's personal link, and behind a lead's."""

from django.urls import path

from web.referrals import public

urlpatterns = [
    path("lead/<str:token>/", public.lead, name="refer-lead"),
    path("<str:token>/", public.invite, name="refer"),
]
