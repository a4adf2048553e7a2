"""The tables of content that may be used today, with how and until when; nameless where names are withheld."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from references.blinding import hide_names
from references.filters import CaseStudyFilter, ProofPointFilter, TestimonialFilter
from references.models import CaseStudy, ProofPoint, Testimonial
from references.pieces import Piece, load_shown, names_in, show_to
from references.program import current_policy
from references.rights import Right
from references.spreadsheets import Cell
from references.tables.table import Column, Table, Tell
from users.enums import Scope
from users.models import User

_WHOSE = (
    Column("customer_id", _("Id of the customer")),
    Column("customer", _("Customer")),
    Column("whose", _("Whose, without names")),
)
_RIGHTS = (
    Column("attributed", _("With name")),
    Column("usable_until", _("Usable until")),
    Column("rights", _("Rights")),
)


def _begin(words: Callable[[Any, tuple[str, ...]], list[Cell]]) -> Callable[[User], Tell]:
    """Tell pieces: their id, their words by `words` without the names to hide, whose they are and their rights."""

    def begin(user: User) -> Tell:
        policy = current_policy()

        def tell(rows: Sequence[Any]) -> Iterator[Sequence[Cell]]:
            for row in rows:
                piece = show_to(user, policy, row)
                hidden = () if piece.is_named else names_in(row)
                yield [row.pk, *words(row, hidden), *_tell_rights(piece)]

        return tell

    return begin


def _tell_rights(piece: Piece) -> list[Cell]:
    named = piece.is_named
    return [
        piece.customer_id if named else None, piece.customer_name or "", piece.whose, named, piece.until,
        [_describe(right) for right in piece.rights],
    ]  # fmt: skip


def _describe(right: Right) -> str:
    """A right in one cell: "web, germany, until 2027-03-31"."""
    until = f"until {right.until.isoformat()}" if right.until else ""
    return ", ".join(part for part in (right.channel, right.region or "", until) if part)


def _tell_story(row: CaseStudy, hidden: tuple[str, ...]) -> list[Cell]:
    texts = [hide_names(text, hidden) for text in (row.title, row.challenge, row.solution_text, row.results)]
    url = "" if hidden else row.url
    return [*texts, row.language, url, row.status, row.published_on, [tag.name for tag in row.tags.all()]]


def _tell_testimonial(row: Testimonial, hidden: tuple[str, ...]) -> list[Cell]:
    text, title, transcript = (hide_names(each, hidden) for each in (row.text, row.said_by_title, row.transcript))
    said_by, site, url = ("", "", "") if hidden else (row.said_by, row.review_site, row.url)
    tags = [tag.name for tag in row.tags.all()]
    return [row.kind, text, said_by, title, transcript, site, row.language, url, row.status, row.published_on, tags]


def _tell_point(row: ProofPoint, hidden: tuple[str, ...]) -> list[Cell]:
    metric, before, after, how = (
        hide_names(text, hidden) for text in (row.metric, row.before, row.after, row.how_measured)
    )
    return [
        metric, before, after, row.unit, row.amount, row.currency, how, row.measured_on, row.case_study_id,
        row.testimonial_id,
    ]  # fmt: skip


def _all(model: type[CaseStudy | Testimonial | ProofPoint]) -> Callable[[User], "QuerySet[Any]"]:
    """Every row with what showing it takes; the filters keep what may be used."""
    rows: QuerySet[Any] = model._default_manager.all()
    return lambda user: load_shown(rows.all())


CASE_STUDIES = Table(
    name="case-studies",
    title=_("Case studies"),
    about=_("Stories that may be used today, with how and until when."),
    scope=Scope.CONTENT_READ,
    columns=(
        Column("id", _("Id")),
        Column("title", _("Title")),
        Column("challenge", _("Challenge")),
        Column("solution", _("Solution")),
        Column("results", _("Results")),
        Column("language", _("Language")),
        Column("url", _("Link")),
        Column("status", _("Status")),
        Column("published_on", _("Published")),
        Column("tags", _("Tags")),
        *_WHOSE,
        *_RIGHTS,
    ),
    filterset=CaseStudyFilter,
    rows=_all(CaseStudy),
    begin=_begin(_tell_story),
)
TESTIMONIALS = Table(
    name="testimonials",
    title=_("Testimonials"),
    about=_("Quotes, videos, reviews and recordings that may be used today, with how and until when."),
    scope=Scope.CONTENT_READ,
    columns=(
        Column("id", _("Id")),
        Column("kind", _("Kind")),
        Column("text", _("Text")),
        Column("said_by", _("Said by")),
        Column("said_by_title", _("Their title")),
        Column("transcript", _("Transcript")),
        Column("review_site", _("Review site")),
        Column("language", _("Language")),
        Column("url", _("Link")),
        Column("status", _("Status")),
        Column("published_on", _("Published")),
        Column("tags", _("Tags")),
        *_WHOSE,
        *_RIGHTS,
    ),
    filterset=TestimonialFilter,
    rows=_all(Testimonial),
    begin=_begin(_tell_testimonial),
)
PROOF_POINTS = Table(
    name="proof-points",
    title=_("Proof points"),
    about=_("Numbers that may be used today, with how and until when."),
    scope=Scope.CONTENT_READ,
    columns=(
        Column("id", _("Id")),
        Column("metric", _("Metric")),
        Column("before", _("Before")),
        Column("after", _("After")),
        Column("unit", _("Unit")),
        Column("amount", _("Amount")),
        Column("currency", _("Currency")),
        Column("how_measured", _("How it was measured")),
        Column("measured_on", _("Measured")),
        Column("case_study", _("Case study")),
        Column("testimonial", _("Testimonial")),
        *_WHOSE,
        *_RIGHTS,
    ),
    filterset=ProofPointFilter,
    rows=_all(ProofPoint),
    begin=_begin(_tell_point),
)
