"""Addresses of the Net Promoter Score."""

from django.urls import path

from web.nps import benchmarks, page, personas, risk

urlpatterns = [
    path("", page.nps, name="nps"),
    path("at-risk/", risk.at_risk, name="nps-at-risk"),
    path("personas/", personas.personas, name="nps-personas"),
    path("benchmarks/", benchmarks.benchmarks, name="nps-benchmarks"),
    path("benchmarks/new/", benchmarks.benchmark_edit, name="nps-benchmark-add"),
    path("benchmarks/<int:benchmark_id>/", benchmarks.benchmark_edit, name="nps-benchmark-edit"),
    path("benchmarks/<int:benchmark_id>/delete/", benchmarks.benchmark_delete, name="nps-benchmark-delete"),
]
