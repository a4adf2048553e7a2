"""How a referral is told to one viewer: the lead to those who work on it, the referrer to those who may know them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from advocacy.models import Referral
from advocacy.permissions import may_see_lead
from advocacy.referral_lookup import is_paid_for
from references.blinding import HIDDEN, hide_full_name
from references.consent_view import Whose, tell_whose
from references.policy import ProgramPolicy
from users.models import User

COLORS = {"new": "accent", "qualified": "soft", "won": "fresh", "lost": "quiet", "disqualified": "stop"}


@dataclass(frozen=True, slots=True)
class ReferralLine:
    """A referral for one viewer; `lead` is empty where they may not know who it is."""

    row: Referral
    whose: Whose
    lead: str
    color: str
    is_checked: bool

    def hide(self, text: str) -> str:
        """A text without the names that the viewer may not know."""
        text = self.whose.hide(text)
        return text if self.lead or not self.row.lead_name else hide_full_name(text, self.row.lead_name, instead=HIDDEN)


def tell(row: Referral, user: User, policy: ProgramPolicy) -> ReferralLine:
    """Tell of a referral whose referrer and their customer are loaded; no query."""
    return ReferralLine(
        row=row,
        whose=tell_whose(user, row.referrer, row.referrer.customer, policy),
        lead=row.lead_name if may_see_lead(user, row) else "",
        color=COLORS.get(row.status, "quiet"),
        is_checked=is_paid_for(row),
    )


def write_money(values: Iterable[tuple[str, Decimal]]) -> str:
    """Amounts by currency in one line: "EUR 12,000 · USD 500"."""
    return " · ".join(f"{currency} {amount:,.0f}" for currency, amount in values if amount)
