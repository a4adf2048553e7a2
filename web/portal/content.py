"""A draft that somebody at the customer looks at: line by line, approved as a whole with a consent, or sent back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from references.enums import Channel, ContentStatus, LineDecision, ReviewStatus
from references.models import ContentReview, ReviewLine
from references.services.reviews import Allowed, LineAnswer, approve_draft, purpose_of, wish_changes
from references.wording import noun_of
from web.portal.closed import show_closed
from web.portal.forms import DayInput, PortalForm
from web.portal.visit import Visit, attempt

PART_WORDS = {
    "title": _("Title"),
    "challenge": _("The challenge"),
    "solution_text": _("What was done"),
    "results": _("What came of it"),
    "text": _("What you said"),
    "said_by": _("Your name"),
    "said_by_title": _("Your job title"),
    "transcript": _("Transcript"),
    "number": _("Numbers"),
}
NAMED = [("yes", _("With my name and that of my company")), ("no", _("Without any name"))]
MOST = 4_000


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line with the fields that are about it; `heading` where a new part begins."""

    line: ReviewLine
    heading: str
    decision: forms.BoundField
    suggestion: forms.BoundField
    comment: forms.BoundField


class DraftForm(PortalForm):
    """What is said of each line, and of the whole."""

    note = forms.CharField(
        label=_("Anything else?"), required=False, max_length=MOST, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, lines: Sequence[ReviewLine], **options: Any) -> None:
        super().__init__(*args, **options)
        self.lines = lines
        for line in lines:
            self.fields[f"decision_{line.number}"] = forms.ChoiceField(
                choices=[(LineDecision.OK.value, _("Fine")), (LineDecision.CHANGE.value, _("To be changed"))],
                required=False,
                widget=forms.RadioSelect,
            )
            for name, label in (("suggestion", _("Better words")), ("comment", _("Comment"))):
                self.fields[f"{name}_{line.number}"] = forms.CharField(
                    label=label, required=False, max_length=MOST, widget=forms.Textarea(attrs={"rows": 2})
                )

    def shown(self) -> list[ShownLine]:
        """The lines as they stand on the page."""
        rows, part = [], ""
        for line in self.lines:
            heading = "" if line.part == part else str(PART_WORDS[line.part])
            fields = (self[f"{name}_{line.number}"] for name in ("decision", "suggestion", "comment"))
            rows.append(ShownLine(line, heading, *fields))
            part = line.part
        return rows

    def answers(self) -> dict[int, LineAnswer]:
        """What was said, by the number of the line; words in the field of better ones mean a change."""
        found = {}
        for line in self.lines:
            decision, suggestion, comment = (
                str(self.cleaned_data[f"{name}_{line.number}"]) for name in ("decision", "suggestion", "comment")
            )
            if suggestion and not decision:
                decision = LineDecision.CHANGE.value
            found[line.number] = LineAnswer(decision, comment, suggestion)
        return found


class AllowForm(PortalForm):
    """Where it may be used, by which name, until when. Nothing is ticked beforehand."""

    channels = forms.MultipleChoiceField(
        label=_("Where may we use it?"), choices=Channel.choices, widget=forms.CheckboxSelectMultiple
    )
    named = forms.ChoiceField(label=_("With your name?"), choices=NAMED, widget=forms.RadioSelect)
    valid_until = forms.DateField(
        label=_("Until"), required=False, widget=DayInput(), help_text=_("Empty: until you take it back")
    )

    def allowed(self) -> Allowed:
        """What was chosen, as the service takes it."""
        data = self.cleaned_data
        return Allowed(data["channels"], is_attributed=data["named"] == "yes", valid_until=data["valid_until"])


def show(visit: Visit) -> HttpResponse:
    """The draft with its forms; once it is answered, what was answered."""
    review = _review(visit)
    if review.status != ReviewStatus.WAITING:
        return _answered(visit, review)
    if review.piece.status != ContentStatus.WITH_CUSTOMER:
        return show_closed(visit.request, "revoked", status=410, language=visit.language)
    return _page(visit, DraftForm(lines=_lines(review)), AllowForm())


def approve(visit: Visit) -> HttpResponse:
    """Approve it as it stands, and say where it may be used."""
    if visit.review is None:
        return show_closed(visit.request, "unknown", status=404, language=visit.language)
    review = _review(visit)
    draft, allow = DraftForm(visit.request.POST, lines=_lines(review)), AllowForm(visit.request.POST)
    if not draft.is_valid():
        return _page(visit, draft, allow)
    done = attempt(
        allow,
        lambda data: approve_draft(
            review=review, answers=draft.answers(), allowed=allow.allowed(), note=draft.cleaned_data["note"]
        ),
    )
    return _page(visit, draft, allow) if done is None else visit.back("content-approved")


def wish(visit: Visit) -> HttpResponse:
    """Send it back with what is to be changed."""
    if visit.review is None:
        return show_closed(visit.request, "unknown", status=404, language=visit.language)
    review = _review(visit)
    draft = DraftForm(visit.request.POST, lines=_lines(review))
    done = attempt(draft, lambda data: wish_changes(review=review, answers=draft.answers(), note=data["note"]))
    if done is None:
        given = visit.request.POST
        chosen = {"channels": given.getlist("channels"), **{name: given.get(name) for name in ("named", "valid_until")}}
        return _page(visit, draft, AllowForm(initial=chosen))
    return visit.back("content-changes")


ACTS: Mapping[str, Callable[[Visit], HttpResponse]] = {"content-approve": approve, "content-changes": wish}


def _page(visit: Visit, draft: DraftForm, allow: AllowForm) -> HttpResponse:
    """The draft; whoever comes too late with an answer is led to what was answered before."""
    review = _review(visit)
    if draft.is_bound and ContentReview.objects.exclude(status=ReviewStatus.WAITING).filter(pk=review.pk).exists():
        return visit.back(**visit.chosen)
    context = {
        "review": review,
        "is_story": noun_of(review.piece) == "case_study",
        "asked_by": "" if review.asked_by is None else review.asked_by.name or review.asked_by.email,
        "purpose": purpose_of(review),
        "lines": draft.shown(),
        "draft": draft,
        "allow": allow,
        "problems": [*draft.non_field_errors(), *allow.non_field_errors()],
    }
    return visit.page("content", context, status=422 if draft.is_bound else 200)


def _answered(visit: Visit, review: ContentReview) -> HttpResponse:
    lines = [(line, PART_WORDS[line.part]) for line in _lines(review)]
    context = {"review": review, "lines": lines, "is_approved": review.status == ReviewStatus.APPROVED}
    return visit.page("content_answered", context)


def _lines(review: ContentReview) -> list[ReviewLine]:
    return list(review.lines.all())


def _review(visit: Visit) -> ContentReview:
    assert visit.review is not None  # noqa: S101 - links of this purpose have one
    return visit.review
