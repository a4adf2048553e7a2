"""What users correct becomes a proposal: these words mean that tag, or do not. A manager accepts or rejects it."""

from django.db import transaction
from django.db.models import F

from references.enums import TagStatus
from references.models import SynonymProposal, Tag
from references.services.tag_merging import merge_tag
from references.services.tags import find_tag, fold_synonym, set_synonyms
from references.synonyms import parse_synonym
from references.text import stems
from users.models import User

MOST_LETTERS = 80


@transaction.atomic
def propose_synonym(*, tag: Tag, text: str, counts_again: bool = True) -> SynonymProposal | None:
    """Note that someone meant `tag` by these words; None where they say nothing new.

    That is so for no words at all, more than a phrase, and what the tag goes by already, in whatever inflection. The
    same words again are counted, unless they may be the same correction once more (`counts_again`). One that a manager
    rejected stays rejected.
    """
    text = " ".join(text.split())
    known = (tag.name, *tag.synonyms.values_list("text", flat=True))
    if not stems(text) or len(text) > MOST_LETTERS or any(stems(each) == stems(text) for each in known):
        return None
    return _count(tag, text, is_misreading=False, counts_again=counts_again)


@transaction.atomic
def propose_misreading(*, tag: Tag, text: str, counts_again: bool = True) -> SynonymProposal | None:
    """Note that someone took out `tag`, which was read of these words; None where no sure synonym says so.

    The name of a tag, and a synonym marked as unsure, are nothing that a manager could make less sure.
    """
    synonym = _find_synonym(tag, text)
    return None if synonym is None else _count(tag, synonym, is_misreading=True, counts_again=counts_again)


def _count(tag: Tag, text: str, *, is_misreading: bool, counts_again: bool) -> SynonymProposal:
    row, is_new = SynonymProposal.objects.get_or_create(
        tag=tag, folded=fold_synonym(text), is_misreading=is_misreading, defaults={"text": text}
    )
    if not is_new and counts_again:
        SynonymProposal.objects.filter(pk=row.pk).update(times=F("times") + 1)
        row.refresh_from_db()
    return row


def _find_synonym(tag: Tag, text: str) -> str | None:
    """The synonym of a tag, as written, that these words are a form of."""
    wanted = stems(text)
    sure = (each for each in tag.synonyms.values_list("text", flat=True) if not parse_synonym(each).weak)
    return next((each for each in sure if wanted and stems(parse_synonym(each).text) == wanted), None)


def accept_proposal(*, proposal: SynonymProposal, by: User | None = None) -> Tag:
    """Make the proposed words a synonym of their tag, or one that asks first where they read wrongly.

    Where they are a proposed tag themselves, that one is merged into their tag, with all that carries it. Raises
    DomainError(duplicate_synonym) where another tag has them.
    """
    word = None if proposal.is_misreading else find_tag(facet=proposal.tag.facet, name=proposal.text)
    if word is not None and word.status == TagStatus.PROPOSED and word.pk != proposal.tag_id:
        tag = merge_tag(source=word, target=proposal.tag, by=by)
        proposal.delete()
        return tag
    known = list(proposal.tag.synonyms.values_list("text", flat=True))
    if proposal.is_misreading:
        wrong = _find_synonym(proposal.tag, parse_synonym(proposal.text).text)
        texts = [f"~{parse_synonym(each).text}" if each == wrong else each for each in known]
    else:
        texts = [*known, proposal.text]
    tag = set_synonyms(tag=proposal.tag, texts=texts)
    proposal.delete()
    return tag


def reject_proposal(*, proposal: SynonymProposal) -> None:
    """Keep the words from being proposed for this tag again."""
    proposal.is_rejected = True
    proposal.save(update_fields=["is_rejected"])
