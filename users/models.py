"""The people who log in: users with a role, their teams and their API keys."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken, AuthTokenManager

from users.enums import Role


class Team(models.Model):
    """A group of users who share requests and budgets."""

    name = models.CharField(_("name"), max_length=120, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address; addresses compare without case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user; raises ValueError without an address."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an administrator, who may also use Django's admin."""
        fields = {"role": Role.ADMIN, **fields, "is_staff": True, "is_superuser": True}
        return self.create_user(email, password, **fields)


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]
    """Someone who logs in. Promoters are contacts, not users."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.SALES)
    team = models.ForeignKey(
        Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.SET_NULL, related_name="members"
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    deputy = models.ForeignKey(
        "self",
        verbose_name=_("deputy"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="deputizes_for",
        help_text=_("Decides when this user does not in time"),
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may use the admin"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ["email"]
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="users_email_folded_unique")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_manager(self) -> bool:
        """Reference managers and administrators run the program."""
        return self.role in {Role.MANAGER, Role.ADMIN}

    @property
    def is_marketer(self) -> bool:
        return self.role == Role.MARKETER


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    """API keys."""

    def visible_to(self, user: User) -> "ApiKeyQuerySet":
        """Administrators see all, others their own; never a secret, which nobody has."""
        return self.all() if user.role == Role.ADMIN else self.filter(user=user)

    def in_force(self) -> "ApiKeyQuerySet":
        """Keys that a call may carry now."""
        return self.filter(Q(expiry__isnull=True) | Q(expiry__gt=timezone.now()), user__is_active=True)


class ApiKey(AbstractAuthToken):  # type: ignore[misc]
    """A hashed key for the API: belongs to a user, carries scopes, may expire."""

    name = models.CharField(_("name"), max_length=120)
    scopes = models.JSONField(_("scopes"), default=list)
    last_used = models.DateTimeField(_("last used"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self",
        verbose_name=_("replaced by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="replaces",
        help_text=_("The key that a rotation made of it"),
    )

    objects = AuthTokenManager.from_queryset(ApiKeyQuerySet)()

    class Meta:
        ordering = ["-created"]
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return f"{self.name} ({self.token_key}…)"
