"""What a request says of the reading of its brief teaches the vocabulary, as a chip on the find page does."""

from collections.abc import Iterable, Mapping

from matching.search import understand
from references.models import Tag
from references.services.synonym_proposals import propose_misreading, propose_synonym

READ_BY_SYNONYM = frozenset({"synonym", "inflection"})


def learn_from_request(*, brief: str, corrections: Mapping[str, Iterable[str]]) -> None:
    """Propose what a brief was corrected to; what was told on the find page before counts once.

    A doubtful reading that is wanted means its tag; one left out that was read of a synonym was misread.
    """
    dropped = set(corrections.get("dropped", ()))
    meant = {key for name in ("added", "must", "wished") for key in corrections.get(name, ())}
    if not dropped and not meant:
        return
    need = understand(brief)
    tags = Tag.objects.accepted().in_bulk([reading.tag_id for reading in need.readings])
    for reading in need.readings:
        tag, words = tags.get(reading.tag_id), need.text[reading.start : reading.end]
        if tag is None:
            continue
        key = f"{tag.facet}:{tag.slug}"
        if key in dropped and reading.method in READ_BY_SYNONYM:
            propose_misreading(tag=tag, text=words, counts_again=False)
        elif key in meant and not reading.is_sure:
            propose_synonym(tag=tag, text=words, counts_again=False)
