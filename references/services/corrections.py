"""What people correct on a customer or a person teaches: the words that were imported mean the tag they gave."""

from collections.abc import Iterable

from references.enums import TagStatus
from references.importing.tagnames import may_be_tag
from references.models import Contact, Customer, SynonymProposal, Tag
from references.services.synonym_proposals import propose_misreading, propose_synonym
from references.services.tags import find_tag
from references.services.unmapped import RAW_FIELDS

_LIST = " | "  # between several values that were imported for one field


def learn_from_tags(*, row: Customer | Contact, before: Iterable[Tag], after: Iterable[Tag]) -> list[SynonymProposal]:
    """Propose what a change of tags says of the industry, location or title as imported; nothing is applied.

    One tag given where nothing was read, or instead of another, is what the words mean; a tag taken out that was read
    of a sure synonym was misread. Several tags at once say nothing of the words.
    """
    was, now = {tag.pk: tag for tag in before}, {tag.pk: tag for tag in after}
    found = []
    for raw in RAW_FIELDS.values():
        text = str(getattr(row, raw.field)).strip() if isinstance(row, raw.model) else ""
        if not text or _LIST in text or not may_be_tag(text):
            continue
        held = [tag for tag in was.values() if tag.facet == raw.facet]
        added = [tag for pk, tag in now.items() if tag.facet == raw.facet and pk not in was]
        removed = [tag for tag in held if tag.pk not in now]
        found += [propose_misreading(tag=tag, text=text) for tag in removed]
        if len(added) == 1 and (removed or not held) and _is_free(added[0], text):
            found.append(propose_synonym(tag=added[0], text=text))
    return [each for each in found if each is not None]


def _is_free(tag: Tag, text: str) -> bool:
    """Whether words could become a synonym of an accepted tag: no other one goes by them, but one that waits itself."""
    other = find_tag(facet=tag.facet, name=text)
    is_free = other is None or other.pk == tag.pk or other.status == TagStatus.PROPOSED
    return tag.status == TagStatus.ACCEPTED and is_free
