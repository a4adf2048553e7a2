"""Questions to ask of what was used for deals: whose it is, and which of it saved a live reference.

A use **saved a call** where whoever used it said that it was enough; or where, by the id of its deal in the CRM, the
deal took no live reference in the 30 days after. Uses for the same deal count as one call.
"""

from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q

from matching.enums import SAID_YES
from references.activities import ACTIVITIES

M_co = TypeVar("M_co", bound=models.Model, covariant=True)
LIVE = tuple(each.code for each in ACTIVITIES if each.live)
SETTLES = timedelta(days=30)


class ProofUseQuerySet(models.QuerySet[M_co]):
    def visible_to(self, user: Any) -> Self:
        """Managers see all, others their own and their team's."""
        if user.is_manager:
            return self.all()
        own = Q(user=user)
        return self.filter(own | Q(user__team=user.team) if user.team_id else own)

    def saving_calls(self, now: datetime) -> Self:
        """Uses that saved a live reference, as far as can be told at `now`."""
        requests = self.model._meta.get_field("request").related_model
        matches = requests._meta.get_field("matches").related_model._default_manager.filter(  # type: ignore[union-attr]
            request__deal_id=OuterRef("deal_id"),
            activity__in=LIVE,
            status__in=SAID_YES,
            answered_at__gt=OuterRef("used_at"),
            answered_at__lte=OuterRef("settles_at"),
        )
        settles_at = ExpressionWrapper(F("used_at") + SETTLES, models.DateTimeField())
        settled = ~Q(deal_id="") & Q(used_at__lte=now - SETTLES) & ~Exists(matches)
        live = self.filter(activity__in=LIVE).annotate(settles_at=settles_at)
        return live.filter(Q(was_enough=True) | settled)

    def count_calls(self) -> int:
        """How many deals these uses are for; one without an id in the CRM counts by itself."""
        rows = self.order_by()
        named = rows.exclude(deal_id="").values("deal_id").distinct().count()
        return named + rows.filter(deal_id="").count()
