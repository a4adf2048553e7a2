"""Asks for a consent, answered as asked, with less, or with no; and consents taken back, after one more question."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from references.consent_reach import reach_of
from references.enums import AskAnswer, Channel
from references.models import Consent, ConsentAsk
from references.services import own_page
from references.services.consent_asks import decline_ask, give_consent, open_asks
from references.wording import name_of
from web.portal.closed import show_closed, show_words
from web.portal.forms import DayInput, PortalForm
from web.portal.visit import Visit, attempt

OVER = (_("This is no longer needed"), _("There is nothing for you to do. Thank you all the same!"))


class LessForm(PortalForm):
    """Less than was asked for: in one channel, without the name, not as long."""

    channel = forms.ChoiceField(label=_("Where"))
    is_attributed = forms.BooleanField(label=_("You may name me"), required=False)
    valid_until = forms.DateField(label=_("Until"), required=False, widget=DayInput())

    def __init__(self, *args: Any, ask: ConsentAsk, **options: Any) -> None:
        initial = {
            "channel": ask.channel,
            "is_attributed": ask.is_attributed,
            "valid_until": ask.valid_until,
        }
        super().__init__(*args, initial=initial, **options)
        is_any = ask.channel == Channel.ANY
        choices = Channel.choices if is_any else [(ask.channel, Channel(ask.channel).label)]
        self.fields["channel"].choices = choices  # type: ignore[attr-defined]
        if ask.valid_until is None:
            self.fields["valid_until"].help_text = _("Empty: without an end")
        if not ask.is_attributed:
            del self.fields["is_attributed"]


def show(visit: Visit) -> HttpResponse:
    """The ask with its three answers; what was answered once it is."""
    ask = _ask(visit)
    if ask.answer in {AskAnswer.GIVEN, AskAnswer.DECLINED}:
        return visit.page("consent_answered", _context(ask))
    if not open_asks().filter(pk=ask.pk).exists():
        return show_words(visit.request, OVER, status=410, language=visit.language)
    return _page(visit, ask, LessForm(ask=ask))


def give(visit: Visit) -> HttpResponse:
    """Give what was asked for, or what the form says of less."""
    if visit.consent_ask is None:
        return show_closed(visit.request, "unknown", status=404, language=visit.language)
    ask = visit.consent_ask
    form = LessForm(visit.request.POST, ask=ask)
    if "as_asked" in visit.request.POST:
        form = LessForm(_as_asked(ask), ask=ask)
    done = attempt(form, lambda data: give_consent(ask=ask, **{"is_attributed": False, **data}))
    return _page(visit, ask, form, tried=True) if done is None else _back(visit, ask, "consent")


def decline(visit: Visit) -> HttpResponse:
    """Say no."""
    if visit.consent_ask is None:
        return show_closed(visit.request, "unknown", status=404, language=visit.language)
    ask = visit.consent_ask
    form = forms.Form(visit.request.POST)
    done = attempt(form, lambda _data: decline_ask(ask=ask))
    return visit.back("", **_chosen(visit, ask)) if done is None else _back(visit, ask, "consent-declined")


def revoke(visit: Visit) -> HttpResponse:
    """Take a consent back: first say what hangs on it, then do it."""
    rows = Consent.objects.filter(contact=visit.person, pk=_posted_id(visit), revoked_at=None, superseded_by=None)
    consent = rows.select_related("region", "case_study", "testimonial").first()
    if consent is None:
        return visit.back()
    if "sure" not in visit.request.POST:
        piece = consent.case_study or consent.testimonial
        context = {
            "consent": consent,
            "piece": "" if piece is None else name_of(piece),
            "ending": [name_of(each.piece) for each in reach_of(consent).ending],
            "slots": reach_of(consent).slots,
        }
        return visit.page("consent_revoke", context)
    own_page.revoke_own_consent(contact=visit.person, consent_id=consent.pk)
    return visit.back("revoked")


def waiting_for(visit: Visit) -> list[ConsentAsk]:
    """The asks that wait for the visitor, the newest first."""
    return list(open_asks().filter(contact=visit.person).select_related("region", "asked_by"))


ACTS: Mapping[str, Callable[[Visit], HttpResponse]] = {"consent-give": give, "consent-decline": decline}


def _page(visit: Visit, ask: ConsentAsk, form: LessForm, *, tried: bool = False) -> HttpResponse:
    context = {**_context(ask), "form": form, "tried": tried}
    return visit.page("consent_ask", context, status=422 if tried else 200)


def _context(ask: ConsentAsk) -> dict[str, Any]:
    piece = ask.case_study or ask.testimonial
    return {"ask": ask, "piece": "" if piece is None else name_of(piece)}


def _as_asked(ask: ConsentAsk) -> dict[str, Any]:
    named = {"is_attributed": "on"} if ask.is_attributed else {}
    return {"channel": ask.channel, "valid_until": ask.valid_until or "", **named}


def _back(visit: Visit, ask: ConsentAsk, done: str) -> HttpResponse:
    return visit.back(done, **({} if visit.is_hub else _chosen(visit, ask)))


def _chosen(visit: Visit, ask: ConsentAsk) -> dict[str, str]:
    return {"ask": str(ask.pk)} if visit.is_hub else {}


def _ask(visit: Visit) -> ConsentAsk:
    assert visit.consent_ask is not None  # noqa: S101 - links of this purpose have one, the hub asks before
    return visit.consent_ask


def _posted_id(visit: Visit) -> int:
    """The id in a form of one button; 0, which no row has, for nonsense."""
    given = visit.request.POST.get("id", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else 0
