"""Writes the answers of a file: those not there yet, those that read otherwise now, and what follows for people."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from references.enums import EngagementStatus
from references.importing.errors import ImportRefusedError
from references.models import Contact
from references.personal_words import is_erased
from references.services.holds import lock_person
from references.services.ledger import log_engagement
from references.services.saving import record_change
from surveys.enums import AnswerChannel, CampaignStatus
from surveys.linking import find_people
from surveys.models import Campaign, Response
from surveys.reading import Answer, Unscored, Who
from surveys.services.answering import follow_response
from users.models import User

_CHANGEABLE = ("score", "comment", "answered_on", "attributes")


def open_campaign(*, name: str, by: User | None) -> Campaign:
    """Give the campaign of this name, locked; one that is new is closed as it is made, its answers being in.

    Raises ImportRefusedError: no_campaign (no name), long_name.
    """
    name = " ".join(name.split())
    if not name:
        raise ImportRefusedError("no_campaign", "The campaign has no name.", "Name the one the answers belong to.")
    if len(name) > 120:
        raise ImportRefusedError("long_name", "The name of the campaign is too long.", "120 letters are enough.")
    there = Campaign.objects.select_for_update(no_key=True).filter(name=name).first()
    if there is not None:
        return there
    made = Campaign.objects.create(
        name=name,
        status=CampaignStatus.CLOSED,
        closed_at=timezone.now(),
        owner=by,
        creation_key=f"import:{name}",
    )
    record_change(subject=made, before="", after=made.status, by=by, why="import")
    return made


class ResponseWriter:
    """Writes answers in batches inside one `pool_write`, then lets what follows from them follow.

    An answer that is there with the same key is changed where it reads otherwise (another column was named), unless a
    person amended it since, or was erased: what was taken out of it does not come back.
    """

    def __init__(self, campaign: Campaign, by: User | None) -> None:
        self._campaign = campaign
        self._by = by
        self._to_follow: list[Response] = []
        self._answered: dict[str, set[str]] = defaultdict(set)
        self._unscored: dict[str, set[str]] = defaultdict(set)
        self.created = self.updated = self.unchanged = self.linked = 0

    def write(self, answers: Sequence[Answer]) -> None:
        """Write a batch; four queries and the insert."""
        if not answers:
            return
        people = {
            who: each for who, each in find_people(answer.who for answer in answers).items() if not is_erased(each)
        }
        rows = [self._make(answer, people) for answer in answers]
        for answer in answers:
            _gather(self._answered, answer.attributes)
        known = Response.objects.filter(source__in=[row.source for row in rows]).select_related("contact")
        there = {each.source: each for each in known}
        new = [row for row in rows if row.source not in there]
        changed = [there[row.source] for row in rows if row.source in there and self._renew(there[row.source], row)]
        Response.objects.bulk_create(new)
        Response.objects.bulk_update(changed, ("contact", *_CHANGEABLE))
        self.created += len(new)
        self.updated += len(changed)
        self.unchanged += len(rows) - len(new) - len(changed)
        self.linked += sum(row.contact_id is not None for row in rows)
        self._to_follow.extend(row for row in [*new, *changed] if row.contact_id is not None)

    def pass_over(self, row: Unscored) -> None:
        """Remember of whom a row without a score is."""
        _gather(self._unscored, row.attributes)

    def note_silent(self) -> None:
        """Keep on the campaign the values of attributes that only rows without a score have."""
        silent = {name: set(values) for name, values in self._campaign.silent_values.items()}
        for name, values in self._unscored.items():
            silent[name] = silent.get(name, set()) | (values - self._answered[name])
        kept = {name: sorted(values) for name, values in silent.items() if values}
        if kept != self._campaign.silent_values:
            self._campaign.silent_values = kept
            self._campaign.save(update_fields=["silent_values", "updated_at"])

    def follow(self) -> None:
        """Do for people in the pool what their answers ask for, each person's in the order they were given."""
        for row in sorted(self._to_follow, key=_order):
            person = lock_person(row.contact_id or 0)
            row.contact, row.campaign = person, self._campaign
            follow_response(row)
            if row.answered_on is not None:
                log_engagement(
                    contact=person,
                    activity="survey",
                    status=EngagementStatus.COMPLETED,
                    on=min(row.answered_on, timezone.localdate()),
                    source=f"survey:response:{row.pk}",
                    by=self._by,
                )

    def _make(self, answer: Answer, people: dict[Who, Contact]) -> Response:
        return Response(
            campaign=self._campaign,
            contact=people.get(answer.who),
            score=answer.score,
            comment=answer.comment,
            channel=AnswerChannel.IMPORT,
            product_id=self._campaign.product_id,
            answered_on=answer.answered_on,
            attributes=answer.attributes,
            source=f"import:{self._campaign.pk}:{answer.key}",
        )

    def _renew(self, there: Response, read: Response) -> bool:
        """Take over what a row reads now; tells whether that changes it."""
        if there.amended_at is not None or (there.contact is not None and is_erased(there.contact)):
            return False
        changed = there.contact_id is None and read.contact_id is not None  # somebody who is in the pool by now
        if changed:
            there.contact = read.contact
        for name in _CHANGEABLE:
            if getattr(there, name) != getattr(read, name):
                setattr(there, name, getattr(read, name))
                changed = True
        return changed


def _gather(found: dict[str, set[str]], attributes: dict[str, str]) -> None:
    for name, value in attributes.items():
        found[name].add(value)


def _order(row: Response) -> tuple[int, int, date]:
    """By customer and person, as they are locked; then by day, one without a day first."""
    customer = row.contact.customer_id if row.contact is not None else 0
    return customer, row.contact_id or 0, row.answered_on or date.min
