"""Addresses of exports."""

from django.urls import path

from web.exports import views

urlpatterns = [
    path("", views.exports, name="exports"),
    path("files/<int:job_id>/", views.export_job, name="export-job"),
    path("files/<int:job_id>/file/", views.export_file, name="export-file"),
    path("program/", views.export_program, name="export-program"),
    path("<str:table>/", views.export, name="export"),
    path("<str:table>/<str:format_name>/", views.export_now, name="export-now"),
]
