"""The reusable questions to the rows of advocacy; `visible_to` is the only door to them for pages and the API."""

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from advocacy.enums import AssignmentStatus, FlagStatus, HandoverStatus, PlayStatus, ReferralStatus, SeatStatus

M_co = TypeVar("M_co", bound=models.Model, covariant=True)
OPEN_ASSIGNMENTS = (AssignmentStatus.ASKED, AssignmentStatus.ACCEPTED, AssignmentStatus.SCHEDULED)
OPEN_PLAYS = (PlayStatus.OPEN, PlayStatus.IN_PROGRESS)
SEATED = (SeatStatus.AGREED, SeatStatus.ACTIVE, SeatStatus.FINISHED)


def runs_advocacy(user: Any) -> bool:
    """Managers, administrators and marketers."""
    return bool(user.is_manager or user.is_marketer)


class AssignmentQuerySet(models.QuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        """Managers and marketers see all; others what people of their own customers were asked, and what they asked."""
        if runs_advocacy(user):
            return self.all()
        return self.filter(Q(contact__customer__account_owner=user) | Q(asked_by=user))

    def open(self) -> Self:
        return self.filter(status__in=OPEN_ASSIGNMENTS)


class PointsQuerySet(models.QuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        """Accounts, or entries, of everybody for managers and marketers; of their own customers' people for others."""
        if runs_advocacy(user):
            return self.all()
        names = {field.name for field in self.model._meta.get_fields()}
        person = "contact" if "contact" in names else "account__contact"
        return self.filter(**{f"{person}__customer__account_owner": user})


class RedemptionQuerySet(models.QuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        if runs_advocacy(user):
            return self.all()
        return self.filter(account__contact__customer__account_owner=user)


class ReferralQuerySet(models.QuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        """Managers and marketers see all; others the leads that are theirs, and those of their customers' people."""
        if runs_advocacy(user):
            return self.all()
        return self.filter(Q(owner=user) | Q(referrer__customer__account_owner=user))

    def waiting(self) -> Self:
        return self.filter(status__in=[ReferralStatus.NEW, ReferralStatus.QUALIFIED])


class PlayQuerySet(models.QuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        """Managers see all; others those they own, and those of their own customers' people. Marketers see no more."""
        if user.is_manager:
            return self.all()
        return self.filter(Q(owner=user) | Q(contact__customer__account_owner=user))

    def open(self) -> Self:
        return self.filter(status__in=OPEN_PLAYS)


class SeatQuerySet(models.QuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        if runs_advocacy(user):
            return self.all()
        return self.filter(contact__customer__account_owner=user)

    def seated(self) -> Self:
        """Those that take one of the seats."""
        return self.filter(status__in=SEATED)


class HandoverQuerySet(models.QuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        if runs_advocacy(user):
            return self.all()
        return self.filter(Q(handed_by=user) | Q(nomination__customer__account_owner=user))

    def waiting(self) -> Self:
        return self.filter(status__in=[HandoverStatus.OPEN, HandoverStatus.TAKEN])


class FlagQuerySet(models.QuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        """Managers alone."""
        return self.all() if user.is_manager else self.none()

    def open(self) -> Self:
        return self.filter(status=FlagStatus.OPEN)
