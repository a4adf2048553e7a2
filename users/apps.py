"""The users floor: who logs in, in which role, and with which key."""

from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "users"
    verbose_name = "Users"
