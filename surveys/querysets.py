"""The reusable questions to the rows of surveys; `visible_to` is the only door to them for pages and the API."""

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from surveys.enums import InvitationChannel, InvitationStatus

M_co = TypeVar("M_co", bound=models.Model, covariant=True)


def runs_surveys(user: Any) -> bool:
    """Managers, administrators and marketers."""
    return bool(user.is_manager or user.is_marketer)


class CampaignQuerySet(models.QuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        """Everybody who logs in sees which campaigns there are and their scores."""
        return self.all()


class InvitationQuerySet(models.QuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        """Managers and marketers see all; others those of their own customers' people."""
        return self.all() if runs_surveys(user) else self.filter(contact__customer__account_owner=user)

    def to_be_mailed(self) -> Self:
        """Those whose letter has not gone out yet."""
        return self.filter(status=InvitationStatus.WAITING, channel=InvitationChannel.EMAIL)

    def asked(self) -> Self:
        """Those that went out, answered or not: what the response rate is counted of."""
        sent = (InvitationStatus.SENT, InvitationStatus.ANSWERED, InvitationStatus.NO_ANSWER)
        return self.filter(status__in=sent)


class ResponseQuerySet(models.QuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        """Managers and marketers see all answers, which names no one; others those of their customers' people."""
        return self.all() if runs_surveys(user) else self.filter(contact__customer__account_owner=user)

    def promoters(self) -> Self:
        return self.filter(score__gte=9)

    def passives(self) -> Self:
        return self.filter(score__range=(7, 8))

    def detractors(self) -> Self:
        return self.filter(score__lte=6)

    def commented(self) -> Self:
        return self.exclude(Q(comment=""))
