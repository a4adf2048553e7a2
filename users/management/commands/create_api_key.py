"""Makes an API key from the command line and prints its secret once."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from users.enums import Scope
from users.models import User
from users.services import ApiKeyError, create_api_key

READING = [Scope.POOL_READ.value, Scope.CONTENT_READ.value]


class Command(BaseCommand):
    help = "Make an API key for a user and print its secret, which is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="e-mail address of the user the key acts for")
        parser.add_argument("--name", default="Command line", help="what will use the key")
        parser.add_argument(
            "--scope",
            action="append",
            choices=Scope.values,
            help=f"may be given several times (default: {' and '.join(READING)})",
        )
        parser.add_argument("--days", type=int, default=365, help="days until it expires; 0 for never (default: 365)")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"There is no user {options['email']}.")
        if not 0 <= options["days"] <= 36_500:
            raise CommandError("--days must be between 0 and 36500.")
        expires = timezone.now() + timedelta(days=options["days"]) if options["days"] else None
        try:
            key, secret = create_api_key(
                user=user, name=options["name"], scopes=options["scope"] or READING, expires=expires
            )
        except ApiKeyError as error:
            raise CommandError(str(error)) from error
        until = f"until {key.expiry:%Y-%m-%d}" if key.expiry else "without end"
        self.stderr.write(f"Key '{key.name}' for {user.email}, {', '.join(key.scopes)}, {until}. Keep it safe:")
        self.stdout.write(secret)
