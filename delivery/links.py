"""Signed links: a right to one page for whoever holds the address, expiring, revocable, with nothing secret stored.

The token is the link's id and its HMAC by SECRET_KEY, so a mail that is built twice carries the same address.
"""

import base64
import uuid
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from delivery.models import SignedLink

_SALT = "delivery.links"


class LinkError(Exception):
    """A link that opens nothing. `code` is `unknown` (also forged, or of another purpose), `expired` or `revoked`.

    Of the last two `link` says whose it was: its holder may be told why it is closed, and nothing else.
    """

    def __init__(self, code: str, link: SignedLink | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.link = link


def issue_link(*, purpose: str, subject: str, lifetime: timedelta) -> SignedLink:
    """Make a link to `subject` ("match:12") that holds for `lifetime` from now, in the caller's transaction."""
    return SignedLink.objects.create(purpose=purpose, subject=subject, expires_at=timezone.now() + lifetime)


def link_token(link: SignedLink) -> str:
    """What stands in the address: the id as 32 hexadecimal digits, a dash, and its signature; always the same."""
    return _sign(link.pk.hex)


def link_path(link: SignedLink) -> str:
    """The path that the link opens."""
    return f"/p/{link_token(link)}/"


def absolute_url(path: str) -> str:
    """`path` as people outside reach it: under SITE_URL."""
    return f"{settings.SITE_URL}{path}"


def read_link(token: str, *purposes: str) -> SignedLink:
    """Find the link of a token that is for one of `purposes`; without any, none is found.

    Raises LinkError(unknown, expired, revoked). A forged token never reaches the database.
    """
    name, _dash, _signature = token.partition("-")
    if not constant_time_compare(token, _sign(name)):
        raise LinkError("unknown")
    link = SignedLink.objects.filter(pk=uuid.UUID(name), purpose__in=purposes).first()
    if link is None:
        raise LinkError("unknown")
    if link.revoked_at is not None:
        raise LinkError("revoked", link)
    if link.expires_at <= timezone.now():
        raise LinkError("expired", link)
    return link


def revoke_links(*, subject: str, purpose: str = "") -> int:
    """Close the links to a subject, only those of `purpose` if given; gives how many were still open."""
    links = SignedLink.objects.filter(subject=subject, revoked_at=None)
    if purpose:
        links = links.filter(purpose=purpose)
    return links.update(revoked_at=timezone.now())


def mark_used(link: SignedLink) -> bool:
    """Note the first use of a link; False where it had been used before."""
    now = timezone.now()
    is_first = bool(SignedLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now))
    if is_first:
        link.used_at = now
    return is_first


def _sign(name: str) -> str:
    digest = salted_hmac(_SALT, name, algorithm="sha256").digest()
    return f"{name}-{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"
