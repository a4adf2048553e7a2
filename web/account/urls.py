"""Addresses of logging in and out, and of the first start."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from web.account import views

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(http_method_names=["post", "options"]), name="logout"),
    path("welcome/", views.welcome, name="welcome"),
    path("settings/", views.settings, name="settings"),
    path("theme/", views.theme, name="theme"),
]
