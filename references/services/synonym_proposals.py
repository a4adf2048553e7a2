"""What users correct becomes a proposal: these words mean that tag. A manager accepts or rejects it."""

from django.db import transaction
from django.db.models import F

from references.models import SynonymProposal, Tag
from references.services.tags import fold_synonym, set_synonyms
from references.text import stems

MOST_LETTERS = 80


@transaction.atomic
def propose_synonym(*, tag: Tag, text: str) -> SynonymProposal | None:
    """Note that someone meant `tag` by these words; None where they say nothing new.

    That is so for no words at all, more than a phrase, and what the tag goes by already, in whatever inflection. The
    same words again are counted. One that a manager rejected stays rejected.
    """
    text = " ".join(text.split())
    known = (tag.name, *tag.synonyms.values_list("text", flat=True))
    if not stems(text) or len(text) > MOST_LETTERS or any(stems(each) == stems(text) for each in known):
        return None
    row, is_new = SynonymProposal.objects.get_or_create(tag=tag, folded=fold_synonym(text), defaults={"text": text})
    if not is_new:
        SynonymProposal.objects.filter(pk=row.pk).update(times=F("times") + 1)
        row.refresh_from_db()
    return row


def accept_proposal(*, proposal: SynonymProposal) -> Tag:
    """Make the proposed words a synonym of their tag; raises DomainError(duplicate_synonym) where another has them."""
    known = proposal.tag.synonyms.values_list("text", flat=True)
    tag = set_synonyms(tag=proposal.tag, texts=[*known, proposal.text])
    proposal.delete()
    return tag


def reject_proposal(*, proposal: SynonymProposal) -> None:
    """Keep the words from being proposed for this tag again."""
    proposal.is_rejected = True
    proposal.save(update_fields=["is_rejected"])
