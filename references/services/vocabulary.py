"""Loads the starter vocabulary into the program's own, which a manager's edits always win."""

from collections.abc import Iterable

from references.enums import Facet, TagStatus
from references.models import Tag, TagContainment, TagLanguage, TagSynonym
from references.pool.writing import pool_write
from references.services.inference import promise_inference
from references.services.saving import record_change
from references.services.tags import fold_synonym
from references.starter import StarterTag, load_starter

Key = tuple[str, str]


def load_vocabulary() -> int:
    """Add the starter tags that are not there yet, accept those an import has proposed; gives how many.

    A tag that is there, whatever a manager has made of it (renamed, moved, merged, rejected), is left alone, synonyms
    included. So is a starter synonym that another tag of the facet goes by already.
    """
    rows = load_starter()
    with pool_write() as touched:
        there: dict[Key, Tag] = {(tag.facet, tag.slug): tag for tag in Tag.objects.select_related("merged_into")}
        fresh = _create(rows, there)
        proposed = _accept_proposals(rows, there, but=fresh)
        added = [row for row in rows if (row.facet, row.slug) in fresh | proposed]
        _place(added, there)
        _add_synonyms(added, there)
        _add_languages(added, there)
        if added:
            touched.add(vocabulary=True, everything=bool(proposed))
            promise_inference(None)
    return len(added)


def ensure_vocabulary() -> int:
    """Load the starter vocabulary into a program that has no tag at all; gives how many tags were added."""
    return 0 if Tag.objects.exists() else load_vocabulary()


def _create(rows: Iterable[StarterTag], there: dict[Key, Tag]) -> set[Key]:
    missing = [row for row in rows if (row.facet, row.slug) not in there]
    made = Tag.objects.bulk_create([Tag(facet=row.facet, slug=row.slug, name=row.name) for row in missing])
    fresh = {(tag.facet, tag.slug): tag for tag in made}
    there.update(fresh)
    return set(fresh)


def _accept_proposals(rows: Iterable[StarterTag], there: dict[Key, Tag], *, but: set[Key]) -> set[Key]:
    accepted: set[Key] = set()
    for row in rows:
        key = (row.facet, row.slug)
        tag = there[key]
        if key not in but and tag.status == TagStatus.PROPOSED:
            tag.status, tag.name = TagStatus.ACCEPTED, row.name
            tag.save(update_fields=["status", "name"])
            record_change(
                subject=tag, before=TagStatus.PROPOSED, after=TagStatus.ACCEPTED, by=None, why="starter vocabulary"
            )
            accepted.add(key)
    return accepted


def _add_languages(rows: Iterable[StarterTag], there: dict[Key, Tag]) -> None:
    """Note which languages are spoken in new regions."""
    TagLanguage.objects.bulk_create(
        [
            TagLanguage(region=there[row.facet, row.slug], language=_standing(there[Facet.LANGUAGE, slug]))
            for row in rows
            for slug in row.languages
        ],
        ignore_conflicts=True,
    )


def _place(rows: Iterable[StarterTag], there: dict[Key, Tag]) -> None:
    """Put new tags below their parents, or below what these have been merged into."""
    placed: list[Tag] = []
    edges: list[TagContainment] = []
    for row in rows:
        tag = there[row.facet, row.slug]
        if row.parent:
            tag.parent = _standing(there[row.facet, row.parent])
            placed.append(tag)
        edges += [TagContainment(tag=tag, container=_standing(there[row.facet, slug])) for slug in row.also_in]
    Tag.objects.bulk_update(placed, ["parent"], batch_size=500)
    TagContainment.objects.bulk_create(edges, ignore_conflicts=True)


def _add_synonyms(rows: Iterable[StarterTag], there: dict[Key, Tag]) -> None:
    taken = {
        (facet, folded): tag_id
        for facet, folded, tag_id in TagSynonym.objects.values_list("tag__facet", "folded", "tag")
    }
    synonyms = [
        TagSynonym(tag=there[row.facet, row.slug], text=text, folded=fold_synonym(text))
        for row in rows
        for text in row.synonyms
    ]
    free = [each for each in synonyms if taken.get((each.tag.facet, each.folded), each.tag_id) == each.tag_id]
    TagSynonym.objects.bulk_create(free, ignore_conflicts=True, batch_size=1000)


def _standing(tag: Tag) -> Tag:
    while tag.merged_into is not None:
        tag = tag.merged_into
    return tag
