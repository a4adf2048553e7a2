"""Ends API keys from the command line: one by how it starts, or all of a user."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from knox.settings import CONSTANTS

from users.models import ApiKey
from users.services import revoke_api_key

SHORTEST = 8


class Command(BaseCommand):
    help = "End an API key now, named by how it starts (rp_ and at least five characters), or all keys of a user."

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("key", nargs="?", help="the key, or how it starts")
        which.add_argument("--all-of", metavar="EMAIL", help="every key of this user")

    def handle(self, *args: Any, **options: Any) -> None:
        keys = ApiKey.objects.select_related("user")
        if options["all_of"]:
            found = list(keys.filter(user__email__iexact=options["all_of"]))
        else:
            start = options["key"][: CONSTANTS.TOKEN_KEY_LENGTH]
            if len(start) < SHORTEST:
                raise CommandError(f"Give at least the first {SHORTEST} characters.")
            found = list(keys.filter(token_key__startswith=start))
            if len(found) > 1:
                raise CommandError("Several keys start so. Give more of it.")
        if not found:
            raise CommandError("There is no such key.")
        for key in found:
            revoke_api_key(key=key)
            self.stdout.write(f"Ended '{key.name}' of {key.user.email} ({key.token_key}…).")
