"""Roles and the scopes an API key can carry."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    SALES = "sales", _("Salesperson")
    MANAGER = "manager", _("Reference manager")
    MARKETER = "marketer", _("Marketer")
    ADMIN = "admin", _("Administrator")


class Scope(models.TextChoices):
    POOL_READ = "pool:read", _("Search and read the pool")
    CONTENT_READ = "content:read", _("Read speakers, testimonials, case studies and slots")
    CONTENT_WRITE = "content:write", _("Hold speakers, keep slots, content and webhooks")
    CONTACTS_READ = "contacts:read", _("Read contact data, and who looked at it")
    CONTACTS_EXPORT = "contacts:export", _("Export contact data of many people at once")
    REQUESTS_READ = "requests:read", _("Read requests, nominations and the ledger")
    REQUESTS_WRITE = "requests:write", _("Open requests, nominate, log use")
    SURVEYS_READ = "surveys:read", _("Read survey campaigns, answers and scores")
    SURVEYS_WRITE = "surveys:write", _("Run survey campaigns and record answers")
    ADVOCACY_READ = "advocacy:read", _("Read asks, points, rewards, referrals and recovery plays")
    ADVOCACY_WRITE = "advocacy:write", _("Ask promoters, keep rewards, referrals and recovery plays")
    POLICY_WRITE = "policy:write", _("Change the policy")


_OF_EVERYBODY = (
    Scope.POOL_READ, Scope.CONTENT_READ, Scope.CONTACTS_READ, Scope.REQUESTS_READ, Scope.REQUESTS_WRITE,
    Scope.SURVEYS_READ, Scope.SURVEYS_WRITE, Scope.ADVOCACY_READ, Scope.ADVOCACY_WRITE,
)  # fmt: skip
SCOPES_BY_ROLE: dict[str, tuple[Scope, ...]] = {
    Role.SALES: _OF_EVERYBODY,
    Role.MARKETER: (*_OF_EVERYBODY, Scope.CONTENT_WRITE),
    Role.MANAGER: tuple(Scope),
    Role.ADMIN: tuple(Scope),
}
"""The scopes that a key of somebody in a role can make use of; a scope never gives more than its user may do."""
