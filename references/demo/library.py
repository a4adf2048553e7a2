"""Tells the life of the demonstration's pieces: what customers said of drafts, where they are used, how some ended."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from django.db.models import Model

from references.demo.pieces import may_read
from references.demo.setting import Setting, at
from references.demo.stories import Shelf
from references.enums import Actor, Channel, ContentStatus, LineDecision, ReviewStatus
from references.models import (
    Consent,
    ContentReview,
    ContentUse,
    ContentVersion,
    ReviewLine,
    StateChange,
)
from references.rights import asset_of
from references.rights_standing import end_of, ended_by, uncovered
from references.services.saving import name_subject
from references.wording import NOUNS, Written, about, noun_of, split_lines, words_of

APPROVED = 16
WISHES = (
    ("It took us a year, and readers should know.", "{line}, within a year"),
    ("Let us end with the team, please: it was their work.", "{line} The whole team says so."),
)
_NOTES = ("Lovely, thank you!", "Fine with our communications team as well.", "Please send us the link once it is out.")
_PLACES = (
    ("Home page, second row", "https://demo.example/", Channel.WEB),
    ("Sales deck, slide 7", "", Channel.SALES),
    ("Product page", "https://demo.example/products/", Channel.WEB),
    ("Trade fair wall, hall 4", "", Channel.EVENT),
    ("Autumn newsletter", "https://demo.example/news/autumn", Channel.WEB),
    ("Brochure, page 3", "", Channel.PRINT),
)
_WHY_RECALLED = (
    "Their communications team asked us to rest it until the merger is through.",
    "The number in the second sentence is out of date.",
)

REVOKED = "The consent for it was revoked."


@dataclass
class Library:
    """Rows about pieces, and the moments that the database would otherwise stamp with the present."""

    setting: Setting
    rng: Random
    versions: list[ContentVersion] = field(default_factory=list)
    reviews: list[ContentReview] = field(default_factory=list)
    lines: list[ReviewLine] = field(default_factory=list)
    uses: list[ContentUse] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    changes: list[tuple[datetime, StateChange]] = field(default_factory=list)

    def review(self, piece: Written, status: str, ago: int) -> ContentReview:
        """Give a draft to the one who gave the words, so many days ago; where it was answered, two days later."""
        version = ContentVersion(
            **about(piece), number=1, values=words_of(piece), made_by=self.setting.keeper, made_at=self._at(ago + 1)
        )
        is_answered = status != ReviewStatus.WAITING
        review = ContentReview(
            **about(piece), version=version, contact=piece.contact, status=status, asked_by=self.setting.keeper,
            asked_at=self._at(ago), answered_at=self._at(ago - 2) if is_answered else None,
        )  # fmt: skip
        self.versions.append(version)
        self.reviews.append(review)
        decision = LineDecision.OK if status == ReviewStatus.APPROVED else LineDecision.OPEN
        for number, (part, text) in enumerate(split_lines(words_of(piece)), start=1):
            self.lines.append(ReviewLine(review=review, number=number, part=part, text=text, decision=decision))
        self.move(piece, "", ContentStatus.DRAFT, ago + 1)
        self.move(
            piece, ContentStatus.DRAFT, ContentStatus.WITH_CUSTOMER, ago, why="For our website and our sales deck."
        )
        return review

    def move(
        self, piece: Written, before: str, after: str, ago: int, *, why: str = "", actor: str = Actor.USER
    ) -> None:
        """Note that a piece moved, so many days ago."""
        by = self.setting.keeper if actor == Actor.USER else None
        change = StateChange(
            subject=name_subject(piece), from_status=before, to_status=after, by=by, actor=actor, why=why
        )
        self.changes.append((self._at(ago, hour=15 if actor == Actor.PROMOTER else 9), change))

    def use(self, piece: Written, number: int, ago: int, *, ended_ago: int | None = None) -> None:
        """Note where a piece is used, and that it was taken down."""
        place, url, channel = _PLACES[number % len(_PLACES)]
        self.uses.append(
            ContentUse(
                **about(piece), place=place, url=url, channel=channel, since=self.setting.day(ago),
                noted_by=self.setting.keeper, ended_at=None if ended_ago is None else self._at(ended_ago),
            )
        )  # fmt: skip

    def save(self) -> None:
        """Write all of it but the consents, which decide what has ended."""
        rows: tuple[list[Any], ...] = (self.versions, self.reviews, self.lines, self.uses)
        for each in rows:
            _make(each)
        self.changes.sort(key=lambda pair: pair[0])
        _make([change for _, change in self.changes])
        for moment, change in self.changes:
            change.at = moment
        StateChange.objects.bulk_update([change for _, change in self.changes], ["at"])

    def _at(self, ago: int, hour: int = 9) -> datetime:
        return at(self.setting.day(ago), hour, 20)


def tell_library(setting: Setting, shelf: Shelf) -> int:
    """Write what happened to the pieces, saved by now with their consents; gives how many looks at drafts there are."""
    library = Library(setting, setting.chance("library"))
    pieces: list[Written] = [*shelf.stories, *shelf.quotes]
    for piece in _of(pieces, ContentStatus.WITH_CUSTOMER):
        library.review(piece, ReviewStatus.WAITING, library.rng.randint(1, 8))
    readable = [each for each in pieces if may_read(each)]
    for number, piece in enumerate(_of(readable, ContentStatus.APPROVED)[:APPROVED]):
        _approve(library, piece, number)
    drafts = _of(readable, ContentStatus.DRAFT)
    for number, noun in enumerate(NOUNS):
        _wish_changes(library, next(each for each in drafts if noun_of(each) == noun), number)
    for number, piece in enumerate(_of(pieces, ContentStatus.PUBLISHED)[::19]):
        library.use(piece, number, 20 + 9 * number, ended_ago=6 if number % 7 == 3 else None)
    for number, piece in enumerate(_of(pieces, ContentStatus.RECALLED)):
        _recall(library, piece, number)
    _make(library.consents)
    _end_uncovered(library)
    library.save()
    return len(library.reviews)


def _of(pieces: list[Written], status: str) -> list[Written]:
    return [each for each in pieces if each.status == status]


def _approve(library: Library, piece: Written, number: int) -> None:
    """A look that ended well, with a consent for this piece alone: some nameless, for the web only, or soon over."""
    ago = 12 + 3 * number
    review = library.review(piece, ReviewStatus.APPROVED, ago)
    given_on = library.setting.day(ago - 2)
    ends_in = 10 + number if number % 4 == 0 else 365
    review.note = _NOTES[number % len(_NOTES)] if number % 2 else ""
    review.consent = Consent(
        **about(piece), contact=piece.contact, customer=piece.customer, activity=asset_of(piece),
        channel=Channel.WEB if number % 3 == 0 else Channel.ANY, is_attributed=number % 5 != 2, valid_from=given_on,
        valid_until=library.setting.day(-ends_in), evidence=f"Approved version 1 on {given_on.isoformat()}.",
    )  # fmt: skip
    library.consents.append(review.consent)
    why = review.consent.evidence
    library.move(
        piece, ContentStatus.WITH_CUSTOMER, ContentStatus.APPROVED, ago - 2, why=why, actor=Actor.PROMOTER
    )  # fmt: skip


def _wish_changes(library: Library, piece: Written, number: int) -> None:
    """A look that ended with wishes, line by line; the draft is as it was."""
    review = library.review(piece, ReviewStatus.CHANGES, 9 + number)
    review.note = "Nearly there. One small thing, then we are happy."
    first, *others = (each for each in library.lines if each.review is review)
    for line in others:
        line.decision = LineDecision.OK
    comment, better = WISHES[number]
    first.decision, first.comment, first.suggestion = LineDecision.CHANGE, comment, better.format(line=first.text)
    library.move(
        piece, ContentStatus.WITH_CUSTOMER, ContentStatus.DRAFT, 7 + number, why="Changes wished.", actor=Actor.PROMOTER
    )  # fmt: skip


def _recall(library: Library, piece: Written, number: int) -> None:
    """Taken out of use lately; where it is still to be taken down, and where that is done."""
    library.use(piece, number, 120)
    library.use(piece, number + 1, 90, ended_ago=2)
    why = _WHY_RECALLED[number % len(_WHY_RECALLED)]
    library.move(piece, ContentStatus.PUBLISHED, ContentStatus.RECALLED, 3 + number, why=why)


def _end_uncovered(library: Library) -> None:
    """What the daily look would have ended by today: pieces that no consent covers any more."""
    today = library.setting.today
    for rows in uncovered(today):
        ended: list[Any] = []
        for piece in rows:
            last = ended_by(piece, today)
            end = None if last is None else end_of(last)
            if last is None or end is None:
                continue
            is_revoked = end == last.revoked_at
            to = ContentStatus.RECALLED if is_revoked else ContentStatus.EXPIRED
            why = (
                "The consent for it was revoked." if is_revoked else f"The last consent for it ended on {end:%Y-%m-%d}."
            )
            ago = max((today - end.date()).days - 1, 0)
            library.move(piece, piece.status, to, ago, why=why, actor=Actor.SYSTEM)
            piece.status = to
            ended.append(piece)
        rows.model._default_manager.bulk_update(ended, ["status"])


def _make(rows: list[Any]) -> None:
    if rows:
        model: type[Model] = type(rows[0])
        model._default_manager.bulk_create(rows)
