"""Addresses of the widget, for anybody."""

from django.urls import path

from web.surveys import widget

urlpatterns = [
    path("survey-widget.js", widget.script, name="survey-widget-script"),
    path("survey-widget/<str:widget_token>/", widget.widget, name="survey-widget"),
]
