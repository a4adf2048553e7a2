"""Reads the accepted tags, their parents, synonyms and languages from the database into a `Vocabulary`."""

from collections import defaultdict

from references.enums import TagStatus
from references.models import Tag, TagContainment, TagLanguage, TagSynonym
from references.vocabulary import Vocabulary, VocabularyTag


def read_vocabulary(using: str = "default") -> Vocabulary:
    """Give all accepted tags in id order; four queries. A parent that is not accepted is skipped over."""
    rows = list(
        Tag.objects.using(using)
        .filter(status=TagStatus.ACCEPTED)
        .order_by("id")
        .values_list("id", "facet", "slug", "name", "parent_id")
    )
    accepted = {row[0] for row in rows}
    synonyms: dict[int, list[str]] = defaultdict(list)
    for tag_id, text in TagSynonym.objects.using(using).order_by("id").values_list("tag_id", "text"):
        synonyms[tag_id].append(text)
    containers: dict[int, list[int]] = defaultdict(list)
    for tag_id, container_id in (
        TagContainment.objects.using(using).order_by("id").values_list("tag_id", "container_id")
    ):
        containers[tag_id].append(container_id)
    languages: dict[int, list[int]] = defaultdict(list)
    for region_id, language_id in (
        TagLanguage.objects.using(using).order_by("id").values_list("region_id", "language_id")
    ):
        languages[region_id].append(language_id)
    tags = []
    for tag_id, facet, slug, name, parent_id in rows:
        above = [parent_id] if parent_id else []
        parents = tuple(each for each in [*above, *containers[tag_id]] if each in accepted)
        tags.append(
            VocabularyTag(tag_id, facet, slug, name, parents, tuple(synonyms[tag_id]), tuple(languages[tag_id]))
        )
    return Vocabulary(tuple(tags))
