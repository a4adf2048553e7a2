"""One visit by a signed link: whose it is, in which language and zone, and where its pages and forms are."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation

from advocacy.models import AdopterSeat, AskAssignment
from advocacy.purposes import ASK_LINK, SEAT_LINK
from delivery.links import LinkError, read_link
from delivery.models import SignedLink
from matching.models import Approval, Match
from matching.purposes import APPROVAL, FEEDBACK, HUB, INVITATION, ids_in
from references.enums import ContactStatus
from references.errors import DomainError
from references.models import ConsentAsk, Contact, ContentReview
from references.services.consent_asks import CONSENT_LINK
from references.services.reviews import REVIEW_LINK
from references.speech import language_of
from surveys.models import Invitation
from surveys.purposes import SURVEY, SURVEY_STOP, invitation_id_in
from users.models import User
from web.portal.closed import language_asked
from web.portal.words import DONE, refusal

T = TypeVar("T")
PURPOSES = (INVITATION, FEEDBACK, APPROVAL, HUB, REVIEW_LINK, CONSENT_LINK, ASK_LINK, SEAT_LINK, SURVEY, SURVEY_STOP)
"""Of which links open a page here."""
ACT_NAMES = (
    "accept", "decline", "later", "colleague", "times", "take-back", "page", "feedback", "approve", "reject", "limits",
    "language", "pause", "resume", "days-off", "days-on", "consent", "revoke", "suggest", "opt-out", "export", "erase",
    "calendar",
    "content-approve", "content-changes", "consent-give", "consent-decline",
    "survey-answer", "survey-agree", "survey-colleague", "survey-wish", "survey-stop", "survey-resume",
    "ask-accept", "ask-plan", "ask-done", "ask-decline", "ask-later",
    "seat-agree", "seat-decline", "seat-feedback", "seat-leave",
    "redeem", "redeem-cancel", "leaderboard", "refer", "refer-link", "refer-name", "refer-close",
)  # fmt: skip
"""What can be posted behind a link; which link allows which, `views.ACTS` says."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who came, by which link. A promoter's visit has a `contact`, an approver's a `user` and an `approval`.

    A visit to a draft has a `review`, one to an ask for a consent a `consent_ask`, one to an ask of the ladder an
    `assignment_id`, one to a seat a `seat_id`, one to a survey an `invitation`.

    Each of them, and `match`, is what an action link is about, or what was chosen on one's own page.
    """

    request: HttpRequest
    token: str
    link: SignedLink
    language: str
    zone: ZoneInfo
    contact: Contact | None = None
    match: Match | None = None
    user: User | None = None
    approval: Approval | None = None
    review: ContentReview | None = None
    consent_ask: ConsentAsk | None = None
    assignment_id: int = 0
    seat_id: int = 0
    invitation: Invitation | None = None

    @property
    def is_hub(self) -> bool:
        """Whether the link opens everything of one's own."""
        return self.link.purpose == HUB

    @property
    def person(self) -> Contact:
        """The promoter whose visit it is."""
        assert self.contact is not None  # noqa: S101 - purposes of promoters always have one
        return self.contact

    def posted(self, name: str) -> int:
        """A whole number that a form says; 0, which no row has, for nonsense."""
        given = self.request.POST.get(name, "")
        return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else 0

    @property
    def posted_id(self) -> int:
        """The id in a form of one button."""
        return self.posted("id")

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen on one's own page, as its address says it."""
        if not self.is_hub:
            return {}
        ids = {
            "match": self.match and self.match.pk,
            "ask": self.consent_ask and self.consent_ask.pk,
            "review": self.review and self.review.pk,
            "assignment": self.assignment_id,
            "seat": self.seat_id,
        }
        return {name: str(value) for name, value in ids.items() if value}

    @property
    def same_page(self) -> str:
        """What keeps an address on the page that was chosen, behind another query: "&match=3"."""
        return "".join(f"&{name}={value}" for name, value in self.chosen.items())

    def url(self, act: str = "", **query: str) -> str:
        """An address behind this link, in the language that was asked for."""
        name, names = ("web:portal-act", {"act": act}) if act else ("web:portal", {})
        query = {"language": language_asked(self.request), **query}
        told = urlencode({key: value for key, value in query.items() if value})
        return reverse(name, kwargs={"token": self.token, **names}) + (f"?{told}" if told else "")

    def back(self, done: str = "", **query: str) -> HttpResponse:
        """Lead from a form that was sent to the page that says so."""
        return HttpResponseRedirect(self.url(done=done, **query))

    def page(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Show a page of the portal."""
        shared = {
            "visit": self,
            "urls": self._urls(),
            "done": DONE.get(self.request.GET.get("done", ""), ""),
            "language": self.language,
            "languages": settings.LANGUAGES,
            "program": settings.PROGRAM_NAME,
        }
        return render(self.request, f"web/portal/{template}.html", shared | context, status=status)

    def _urls(self) -> dict[str, str]:
        """Where the forms and files of the pages are, by name."""
        chosen = {"match": str(self.match.pk)} if self.is_hub and self.match is not None else {}
        meeting = reverse("web:portal-meeting", kwargs={"token": self.token})
        found = {act.replace("-", "_"): self.url(act) for act in ACT_NAMES}
        home = reverse("web:portal", kwargs={"token": self.token})
        return {**found, "home": home, "meeting": meeting + (f"?{urlencode(chosen)}" if chosen else "")}

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Speak the visitor's language and tell times in their zone."""
        with translation.override(self.language), timezone.override(self.zone):
            yield


ShowAll = Callable[[Visit, Mapping[str, forms.Form]], HttpResponse]
"""Shows one's own page, with forms that were sent and not taken."""
PartAct = Callable[[Visit, ShowAll], HttpResponse]
"""An act of one part of one's own page, given how the whole page is shown."""


def enter(request: HttpRequest, token: str) -> Visit:
    """Read a link and whose it is. Raises LinkError: unknown, expired, revoked, also for somebody who is gone."""
    link = read_link(token, *PURPOSES)
    if link.purpose in {SURVEY, SURVEY_STOP}:
        return _enter_surveyed(request, token, link)
    ids = ids_in(link.subject)
    if link.purpose == APPROVAL:
        return _enter_approver(request, token, link, *ids)
    if link.purpose == REVIEW_LINK:
        return _enter_reader(request, token, link, ids[0])
    if link.purpose == CONSENT_LINK:
        return _enter_asked(request, token, link, ids[0])
    if link.purpose in {ASK_LINK, SEAT_LINK}:
        return _enter_offered(request, token, link, ids[0])
    match = _find_match(ids[0]) if link.purpose != HUB else None
    contact = _find_contact(match.contact_id if match is not None else ids[0])
    if contact is None:
        raise LinkError("revoked", link)
    visit = Visit(
        request=request,
        token=token,
        link=link,
        language=language_asked(request) or language_of(contact),
        zone=ZoneInfo(contact.time_zone or "UTC"),
        contact=contact,
        match=match,
    )
    return _choose(visit, contact) if visit.is_hub else visit


def attempt(
    form: forms.Form, save: Callable[[dict[str, Any]], T], explain: Callable[[DomainError], str] = refusal
) -> T | None:
    """Call `save` with the clean data of a form that was sent; None where nothing was saved, the form says why.

    What is kept is kept in the program's own language; only refusals are told in the visitor's.
    """
    if not form.is_valid():
        return None
    try:
        with translation.override(settings.LANGUAGE_CODE):
            return save(dict(form.cleaned_data))
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, explain(error))
        return None


def _enter_approver(request: HttpRequest, token: str, link: SignedLink, approval_id: int, user_id: int) -> Visit:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    rows = Approval.objects.select_related("match__request__owner", "match__contact__customer__account_owner")
    approval = rows.filter(pk=approval_id).first()
    if user is None or approval is None:
        raise LinkError("revoked", link)
    return Visit(
        request=request,
        token=token,
        link=link,
        language=language_asked(request) or "en",
        zone=ZoneInfo(user.time_zone or "UTC"),
        match=approval.match,
        user=user,
        approval=approval,
    )


def _enter_reader(request: HttpRequest, token: str, link: SignedLink, review_id: int) -> Visit:
    rows = ContentReview.objects.select_related("contact__customer", "case_study", "testimonial", "asked_by", "version")
    review = rows.filter(pk=review_id).first()
    if review is None or review.contact.has_opted_out:
        raise LinkError("revoked", link)
    return Visit(
        request=request,
        token=token,
        link=link,
        language=language_asked(request) or language_of(review.contact),
        zone=ZoneInfo(review.contact.time_zone or "UTC"),
        contact=review.contact,
        review=review,
    )


def _enter_asked(request: HttpRequest, token: str, link: SignedLink, ask_id: int) -> Visit:
    ask = _consent_asks().filter(pk=ask_id).first()
    if ask is None or ask.contact.has_opted_out:
        raise LinkError("revoked", link)
    return Visit(
        request=request,
        token=token,
        link=link,
        language=language_asked(request) or language_of(ask.contact),
        zone=ZoneInfo(ask.contact.time_zone or "UTC"),
        contact=ask.contact,
        consent_ask=ask,
    )


def _enter_offered(request: HttpRequest, token: str, link: SignedLink, row_id: int) -> Visit:
    """Enter by the link to one ask of the ladder, or to a seat in a program."""
    is_seat = link.purpose == SEAT_LINK
    rows = (AdopterSeat if is_seat else AskAssignment).objects.select_related("contact__customer")
    row = rows.filter(pk=row_id).first()
    if row is None or row.contact.has_opted_out or row.contact.status == ContactStatus.RETIRED:
        raise LinkError("revoked", link)
    return Visit(
        request=request,
        token=token,
        link=link,
        language=language_asked(request) or language_of(row.contact),
        zone=ZoneInfo(row.contact.time_zone or "UTC"),
        contact=row.contact,
        assignment_id=0 if is_seat else row.pk,
        seat_id=row.pk if is_seat else 0,
    )


def _enter_surveyed(request: HttpRequest, token: str, link: SignedLink) -> Visit:
    rows = Invitation.objects.select_related("campaign__product", "contact__customer", "response")
    invitation = rows.filter(pk=invitation_id_in(link.subject)).first()
    if invitation is None or invitation.contact.has_opted_out:
        raise LinkError("revoked", link)
    return Visit(
        request=request,
        token=token,
        link=link,
        language=language_asked(request) or language_of(invitation.contact),
        zone=ZoneInfo(invitation.contact.time_zone or "UTC"),
        contact=invitation.contact,
        invitation=invitation,
    )


def _find_match(match_id: int) -> Match:
    return Match.objects.select_related("request__owner", "request__speaking_slot").get(pk=match_id)


def _find_contact(contact_id: int) -> Contact | None:
    return Contact.objects.select_related("customer__account_owner").filter(pk=contact_id).first()


def _choose(visit: Visit, contact: Contact) -> Visit:
    """The visit to one's own page with what was chosen there: an ask, a draft, a seat; whose it is, its page checks."""
    return replace(
        visit,
        match=_chosen_match(visit.request, contact),
        consent_ask=_chosen_ask(visit.request, contact),
        review=_chosen_review(visit.request, contact),
        assignment_id=_chosen_id(visit.request, "assignment"),
        seat_id=_chosen_id(visit.request, "seat"),
    )


def _chosen_match(request: HttpRequest, contact: Contact) -> Match | None:
    """The ask of theirs that somebody chose on their own page; None for none, and for anybody else's."""
    chosen = _chosen_id(request, "match")
    rows = Match.objects.select_related("request__owner", "request__speaking_slot")
    return rows.filter(contact=contact, pk=chosen).first() if chosen else None


def _chosen_ask(request: HttpRequest, contact: Contact) -> ConsentAsk | None:
    """The ask for a consent of theirs that somebody chose on their own page."""
    chosen = _chosen_id(request, "ask")
    return _consent_asks().filter(contact=contact, pk=chosen).first() if chosen else None


def _chosen_review(request: HttpRequest, contact: Contact) -> ContentReview | None:
    """The draft of theirs that somebody chose on their own page."""
    chosen = _chosen_id(request, "review")
    rows = ContentReview.objects.select_related("contact__customer", "case_study", "testimonial", "asked_by", "version")
    return rows.filter(contact=contact, pk=chosen).first() if chosen else None


def _consent_asks() -> QuerySet[ConsentAsk]:
    return ConsentAsk.objects.select_related("contact__customer", "case_study", "testimonial", "region", "asked_by")


def _chosen_id(request: HttpRequest, name: str) -> int:
    """The id that was posted or asked for; 0, which no row has, for none and for nonsense."""
    given = request.POST.get(name) or request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else 0
