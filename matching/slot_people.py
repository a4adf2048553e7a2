"""Who speaks at slots, and who could, as a viewer may know them."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from matching.results import SearchResult
from references.blinding import may_see_person
from references.models import Contact, SpeakingSlot
from references.pool.cards import describe_people
from references.rights import Use, rights_of, usable_speakers, usable_until
from users.models import User


def name_speakers(user: User, slots: Sequence[SpeakingSlot]) -> dict[int, str]:
    """By slot, its speaker: named where the viewer may know them, else described; queries grow with the activities."""
    ids = {slot.speaker_id for slot in slots if slot.speaker_id is not None}
    if not ids:
        return {}
    described = describe_people(Contact.objects.filter(pk__in=ids).select_related("customer"))
    known: dict[tuple[str, int], str] = {}
    for activity in {slot.activity for slot in slots if slot.speaker_id is not None}:
        people = Contact.objects.visible_to(user).select_related("customer").filter(pk__in=ids)
        for contact in usable_speakers(people, activity, Use(on=timezone.localdate())):
            rights = rights_of(contact, activity)
            is_attributed = bool(rights) and all(right.is_attributed for right in rights)
            if may_see_person(user, contact, is_attributed=is_attributed):
                known[activity, contact.pk] = contact.name
    return {
        slot.pk: known.get((slot.activity, slot.speaker_id), described.get(slot.speaker_id, ""))
        for slot in slots
        if slot.speaker_id is not None
    }


def read_ends(result: SearchResult, user: User) -> dict[int, date | None]:
    """By contact found, the last day on which their consent to the activity holds; None for one without an end."""
    ids = [each.card.contact_id for each in result.candidates]
    people = Contact.objects.visible_to(user).select_related("customer").filter(pk__in=ids)
    usable = usable_speakers(people, result.activity, Use(on=timezone.localdate()))
    return {contact.pk: usable_until(rights_of(contact, result.activity)) for contact in usable}
