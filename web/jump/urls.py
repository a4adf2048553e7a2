"""Address of the command box."""

from django.urls import path

from web.jump import views

urlpatterns = [path("jump/", views.jump, name="jump")]
