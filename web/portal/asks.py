"""What somebody is asked for, behind the link of one ask or on one's own page: yes, another day, done, no, not now.

`cards_of` and `ACTS` know nothing of the page they stand on, so that one's own page can join them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from advocacy.enums import AssignmentStatus
from advocacy.models import AskAssignment
from advocacy.services.asking import NOT_NOW, answer_ask
from references.models import StateChange
from references.services.saving import name_subject
from web.portal.closed import show_closed
from web.portal.forms import DayInput, PortalForm
from web.portal.visit import Visit, attempt

_S = AssignmentStatus
WAITING = (_S.ASKED, _S.ACCEPTED, _S.SCHEDULED, _S.NO_ANSWER)
"""In which something can still be said."""
LATE = timedelta(days=30)
"""How long what nobody answered stays on one's own page."""


class PlanForm(PortalForm):
    """On which day."""

    scheduled_on = forms.DateField(label=_("On which day?"), widget=DayInput())

    def clean_scheduled_on(self) -> Any:
        day = self.cleaned_data["scheduled_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("Please give a day to come."), code="date_over")
        return day


class DoneForm(PortalForm):
    """That it is done, and what shows it."""

    evidence_url = forms.URLField(
        label=_("A link to it"), required=False, max_length=500, assume_scheme="https",
        widget=forms.URLInput(attrs={"inputmode": "url"}),
    )  # fmt: skip
    evidence = forms.CharField(
        label=_("A few words, if you like"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, needs_evidence: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if needs_evidence:
            self.fields["evidence_url"].help_text = _("So that we can see it: a link, or a few words.")


class NoForm(PortalForm):
    """Why not, if they like to say so."""

    why = forms.CharField(label=_("Why not? (optional)"), required=False, max_length=300)


@dataclass(frozen=True, slots=True)
class Card:
    """One ask as its page shows it, with its forms; `tried` is the form that was sent and not taken."""

    row: AskAssignment
    forms: Mapping[str, forms.Form]
    tried: str = ""
    word: str = ""

    @property
    def may_answer(self) -> bool:
        """Whether yes and no are still to be said."""
        return self.row.status in {_S.ASKED, _S.NO_ANSWER}

    @property
    def is_to_do(self) -> bool:
        """Whether there is something still to be done."""
        return self.row.status in {_S.ACCEPTED, _S.SCHEDULED}

    @property
    def may_plan(self) -> bool:
        """Whether a day can be planned: nobody who answers late plans one first."""
        return self.row.status in {_S.ASKED, _S.ACCEPTED}

    @property
    def place(self) -> str:
        """Where it is done."""
        site = self.row.ask.review_site
        return self.row.ask.url or (site.url if site is not None and site.is_active else "")


def show(visit: Visit) -> HttpResponse:
    """The ask with its answers, or what became of it; nothing is recorded by looking."""
    row = _find(visit)
    if row is None:
        return show_closed(visit.request, "unknown", status=404, language=visit.language)
    return _page(visit, row, {})


def cards_of(visit: Visit) -> list[Card]:
    """What waits for the visitor, the most urgent first; two queries."""
    rows = AskAssignment.objects.filter(contact=visit.person, status__in=WAITING).select_related(
        "ask__review_site", "asked_by"
    )
    since = timezone.localdate() - LATE
    shown = [row for row in rows.order_by("answer_by", "pk") if row.status != _S.NO_ANSWER or row.answer_by >= since]
    return [make_card(row) for row in shown]


def make_card(row: AskAssignment, tried: Mapping[str, forms.Form] | None = None, *, word: str = "") -> Card:
    """The card of one ask, with fresh forms but for the one that was tried; no query."""
    fresh: dict[str, forms.Form] = {
        "plan": PlanForm(initial={"scheduled_on": row.scheduled_on}, auto_id=f"plan_{row.pk}_%s"),
        "done": DoneForm(
            needs_evidence=row.ask.needs_evidence,
            initial={"evidence_url": row.evidence_url, "evidence": row.evidence},
            auto_id=f"done_{row.pk}_%s",
        ),
        "no": NoForm(auto_id=f"no_{row.pk}_%s"),
    }
    return Card(row, fresh | dict(tried or {}), next(iter(tried or {}), ""), word)


def accept(visit: Visit) -> HttpResponse:
    """Say yes."""
    return _answer(visit, "yes", forms.Form(visit.request.POST), _S.ACCEPTED, "ask-accepted")


def plan(visit: Visit) -> HttpResponse:
    """Say yes, and on which day."""
    return _answer(visit, "plan", PlanForm(visit.request.POST), _S.SCHEDULED, "ask-planned")


def done(visit: Visit) -> HttpResponse:
    """Say that it is done, with what shows it."""
    row = _find(visit)
    needs = row is not None and row.ask.needs_evidence
    return _answer(visit, "done", DoneForm(visit.request.POST, needs_evidence=needs), _S.DONE, "ask-done")


def decline(visit: Visit) -> HttpResponse:
    """Say no, or take a yes back."""
    row = _find(visit)
    to = _S.CANCELLED if row is not None and row.status in {_S.ACCEPTED, _S.SCHEDULED} else _S.DECLINED
    return _answer(visit, "no", NoForm(visit.request.POST), to, "ask-declined")


def later(visit: Visit) -> HttpResponse:
    """Not now: a no that costs nothing, after which nobody asks for this for a while."""
    return _answer(visit, "later", forms.Form(visit.request.POST), _S.DECLINED, "ask-later", why=NOT_NOW)


ACTS: Mapping[str, Callable[[Visit], HttpResponse]] = {
    "ask-accept": accept,
    "ask-plan": plan,
    "ask-done": done,
    "ask-decline": decline,
    "ask-later": later,
}


def _answer(visit: Visit, name: str, form: forms.Form, to: str, word: str, **given: Any) -> HttpResponse:
    row = _find(visit)
    if row is None:
        return show_closed(visit.request, "unknown", status=404, language=visit.language)
    if attempt(form, lambda data: answer_ask(assignment=row, to=to, **data, **given)) is None:
        return _page(visit, row, {name: form})
    return visit.back(word)


def _page(visit: Visit, row: AskAssignment, tried: Mapping[str, forms.Form]) -> HttpResponse:
    card = make_card(row, tried, word=_word_of(row))
    problems = [str(each) for form in tried.values() for each in form.non_field_errors()]
    context = {"card": card, "problems": problems}
    return visit.page("advocacy_ask", context, status=422 if tried else 200)


def _word_of(row: AskAssignment) -> str:
    """Our word on it: what was missing where it was sent back, what it led to where it was confirmed."""
    changes = StateChange.objects.filter(subject=name_subject(row)).order_by("-pk")
    last = changes.values("from_status", "to_status", "why").first()
    is_ours = last is not None and (last["from_status"], last["to_status"]) in {
        (_S.DONE, _S.ACCEPTED),
        (_S.DONE, _S.CONFIRMED),
    }
    return str(last["why"]) if last is not None and is_ours else ""


def _find(visit: Visit) -> AskAssignment | None:
    """What the link is about, or what was chosen on one's own page; None for anybody else's."""
    rows = AskAssignment.objects.filter(contact=visit.person).select_related("ask__review_site", "asked_by")
    return rows.filter(pk=visit.assignment_id).first()
