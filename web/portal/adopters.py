"""A seat in an early-adopter program, by its own link or chosen on one's own page: terms, yes, no, what they found."""

import uuid
from collections.abc import Callable, Mapping

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from advocacy.enums import ProgramStatus, SeatStatus
from advocacy.models import AdopterSeat
from advocacy.services.adopters import agree_to_seat, give_feedback, move_seat
from references.enums import Actor
from web.portal.closed import show_closed
from web.portal.forms import PortalForm
from web.portal.visit import Visit, attempt

_S = SeatStatus
SHOWN = (_S.INVITED, _S.AGREED, _S.ACTIVE)
"""In which a seat stands on one's own page."""


class AgreementForm(PortalForm):
    """Yes to the terms, in the version that was read."""

    agrees = forms.BooleanField(
        label=_("I have read the terms and agree to them"), error_messages={"required": _("Please tick this first.")}
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class FoundForm(PortalForm):
    """What they found."""

    text = forms.CharField(label=_("What did you find?"), max_length=4_000, widget=forms.Textarea(attrs={"rows": 4}))
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)


class WhyForm(PortalForm):
    """Why not, or no more, if they like to say so."""

    why = forms.CharField(label=_("Why not? (optional)"), required=False, max_length=300)


def show(visit: Visit) -> HttpResponse:
    """The seat as it stands; nothing is recorded by looking."""
    seat = _find(visit)
    return _gone(visit) if seat is None else _page(visit, seat, {})


def seats_of(visit: Visit) -> list[AdopterSeat]:
    """The seats that wait for the visitor or that they have, in programs that are not over; one query."""
    rows = AdopterSeat.objects.filter(contact=visit.person, status__in=SHOWN).exclude(
        program__status=ProgramStatus.CLOSED
    )
    return list(rows.select_related("program").order_by("program__starts_on", "pk"))


def agree(visit: Visit) -> HttpResponse:
    """Take the seat on the terms that were shown."""
    seat = _find(visit)
    if seat is None:
        return _gone(visit)
    form = AgreementForm(visit.request.POST)
    if attempt(form, lambda data: agree_to_seat(seat=seat, version=data["version"])) is None:
        return _page(visit, seat, {"agree": form})
    return visit.back("seat-agreed", **visit.chosen)


def decline(visit: Visit) -> HttpResponse:
    """Say no."""
    return _leave(visit, _S.DECLINED, "seat-declined")


def leave(visit: Visit) -> HttpResponse:
    """Take part no more."""
    return _leave(visit, _S.DROPPED, "seat-left")


def tell(visit: Visit) -> HttpResponse:
    """Say what they found."""
    seat = _find(visit)
    if seat is None:
        return _gone(visit)
    form = FoundForm(visit.request.POST)

    def save(data: dict[str, str]) -> object:
        return give_feedback(seat=seat, text=data["text"], creation_key=f"seat:{seat.pk}:{data['key']}")

    if attempt(form, save) is None:
        return _page(visit, seat, {"found": form})
    return visit.back("seat-feedback", **visit.chosen)


ACTS: Mapping[str, Callable[[Visit], HttpResponse]] = {
    "seat-agree": agree,
    "seat-decline": decline,
    "seat-feedback": tell,
    "seat-leave": leave,
}


def _leave(visit: Visit, to: str, word: str) -> HttpResponse:
    seat = _find(visit)
    if seat is None:
        return _gone(visit)
    form = WhyForm(visit.request.POST)
    if attempt(form, lambda data: move_seat(seat=seat, to=to, actor=Actor.PROMOTER, why=data["why"])) is None:
        return _page(visit, seat, {"why": form})
    return visit.back(word, **visit.chosen)


def _page(visit: Visit, seat: AdopterSeat, tried: Mapping[str, forms.Form]) -> HttpResponse:
    if tried:
        seat.refresh_from_db()
    fresh: dict[str, forms.Form] = {
        "agree": AgreementForm(initial={"version": seat.program.agreement_version}),
        "found": FoundForm(initial={"key": uuid.uuid4().hex}),
        "why": WhyForm(),
    }
    if "agree" in tried and tried["agree"].non_field_errors():  # the terms were changed: they are read again
        fresh["agree"].initial["version"] = seat.program.agreement_version
    context = {
        "seat": seat,
        "program_of_seat": seat.program,
        "is_over": seat.program.status == ProgramStatus.CLOSED,
        "is_ahead": seat.program.starts_on > timezone.localdate(),
        "may_tell": seat.status in {_S.AGREED, _S.ACTIVE, _S.FINISHED},
        "said": list(seat.feedback.filter(by=None)),
        "forms": fresh if "agree" in tried else fresh | dict(tried),
        "tried": list(tried),
        "problems": [str(each) for form in tried.values() for each in _all_errors(form)],
    }
    return visit.page("seat", context, status=422 if tried else 200)


def _all_errors(form: forms.Form) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


def _find(visit: Visit) -> AdopterSeat | None:
    """The seat that the link is about, or that was chosen on one's own page; None for anybody else's."""
    rows = AdopterSeat.objects.filter(contact=visit.person).select_related("program__product", "invited_by")
    return rows.filter(pk=visit.seat_id).first()


def _gone(visit: Visit) -> HttpResponse:
    return show_closed(visit.request, "unknown", status=404, language=visit.language)
