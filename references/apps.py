"""The references floor: the pool of promoters and all that is known of them."""

from django.apps import AppConfig


class ReferencesConfig(AppConfig):
    name = "references"
    verbose_name = "References"
