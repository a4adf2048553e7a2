"""Addresses of logging in and out, and of the first start."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from web.account import calendar, keys, views

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(http_method_names=["post", "options"]), name="logout"),
    path("welcome/", views.welcome, name="welcome"),
    path("settings/", views.settings, name="settings"),
    path("settings/keys/", keys.keys, name="api-keys"),
    path("settings/keys/add/", keys.key_add, name="api-key-add"),
    path("settings/keys/<str:start>/replace/", keys.key_replace, name="api-key-replace"),
    path("settings/keys/<str:start>/end/", keys.key_end, name="api-key-end"),
    path("settings/calendar/", calendar.calendar_link, name="calendar-link"),
    path("theme/", views.theme, name="theme"),
]
