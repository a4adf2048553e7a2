"""Referring on one's own page: a form, the personal link to pass on, and how those stand whom one referred."""

import uuid
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from advocacy.enums import EntryKind
from advocacy.models import PointsEntry, Referral
from advocacy.purposes import REFER_NAMED_LINK
from advocacy.services.referral_links import (
    close_personal_link,
    find_personal_link,
    link_url,
    personal_link,
    show_name,
)
from advocacy.services.referrals import LeadData, refer
from references.errors import DomainError
from references.models import Contact
from references.personal_words import ERASED_NAME
from web.portal.forms import PortalForm
from web.portal.visit import PartAct, ShowAll, Visit, attempt
from web.portal.words import REFERRALS, TOO_MANY_REFERRALS, refusal

MOST_SHOWN = 20


class ReferForm(PortalForm):
    """Somebody who could use what they use."""

    name = forms.CharField(label=_("Their name"), max_length=200)
    company = forms.CharField(label=_("Their company"), max_length=200)
    email = forms.EmailField(
        label=_("Their e-mail"), required=False, help_text=_("Only if they know that you pass it on.")
    )
    note = forms.CharField(
        label=_("What do they need? (optional)"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    agreed = forms.BooleanField(label=_("They know, and you may write to them"), required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def clean(self) -> dict[str, Any]:
        """An address is passed on only by who says that its owner knows."""
        data = super().clean() or {}
        if data.get("email") and not data.get("agreed"):
            self.add_error("agreed", forms.ValidationError(_("Ask them first, or leave the e-mail out."), code="asked"))
        return data


def context_of(person: Contact, tried: Mapping[str, forms.Form]) -> dict[str, Any]:
    """What the page shows of referring: form, link, and one's referrals with what each brought; three queries."""
    link = find_personal_link(person)
    rows = list(Referral.objects.filter(referrer=person).order_by("-pk")[:MOST_SHOWN])
    earned = _earned(person) if rows else {}
    return {
        "refer_form": tried.get("refer") or ReferForm(initial={"key": uuid.uuid4().hex}),
        "personal_link": "" if link is None else link_url(link),
        "is_named": link is not None and link.purpose == REFER_NAMED_LINK,
        "referrals": [
            {
                "company": row.company,
                "name": "" if row.lead_name == ERASED_NAME else row.lead_name,
                "on": row.created_at,
                "words": REFERRALS[row.status],
                "status": row.status,
                "points": earned.get(row.source, 0),
            }
            for row in rows
        ],
    }


def send(visit: Visit, show_all: ShowAll) -> HttpResponse:
    """Refer somebody."""
    form = ReferForm(visit.request.POST)

    def save(data: dict[str, Any]) -> Referral:
        key = f"hub:{visit.person.pk}:{data.pop('key')}"
        return refer(referrer=visit.person, lead=LeadData(**data), creation_key=key)

    done = attempt(form, save, _explain)
    return show_all(visit, {"refer": form}) if done is None else visit.back("referred")


def make_link(visit: Visit, show_all: ShowAll) -> HttpResponse:
    """Have the personal link made."""
    form = forms.Form(visit.request.POST)
    done = attempt(form, lambda _data: personal_link(contact=visit.person))
    return show_all(visit, {"refer-link": form}) if done is None else visit.back("refer-link")


def choose_name(visit: Visit, show_all: ShowAll) -> HttpResponse:
    """Let the page behind the link say one's first name, or no more."""
    form = forms.Form(visit.request.POST)
    is_shown = visit.request.POST.get("shown") == "1"
    done = attempt(form, lambda _data: show_name(contact=visit.person, is_shown=is_shown))
    return show_all(visit, {"refer-link": form}) if done is None else visit.back("refer-name")


def close_link(visit: Visit, show_all: ShowAll) -> HttpResponse:
    """Close the personal link for good."""
    close_personal_link(contact=visit.person)
    return visit.back("refer-close")


ACTS: Mapping[str, PartAct] = {
    "refer": send,
    "refer-link": make_link,
    "refer-name": choose_name,
    "refer-close": close_link,
}


def _earned(person: Contact) -> dict[str, int]:
    """Points by the source of what brought them, as far as nothing was taken back."""
    found: Counter[str] = Counter()
    rows = PointsEntry.objects.filter(
        account__contact=person, kind=EntryKind.EARNED, reversal=None, source__startswith="referral:"
    )
    for source, amount in rows.values_list("source", "amount"):
        found[source.rpartition(":")[0]] += amount
    return found


def _explain(error: DomainError) -> str:
    return str(TOO_MANY_REFERRALS) if error.code == "too_many" else refusal(error)
