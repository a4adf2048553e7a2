"""Checks slugs in a request against the vocabulary, so that a misspelled one is an error and not an empty answer."""

from collections.abc import Iterable

from rest_framework import serializers

from references.enums import Facet
from references.pool.index import current_snapshot
from references.vocabulary import Vocabulary


def require_tag(vocabulary: Vocabulary, facet: str, slug: str) -> None:
    """Raise ValidationError(unknown_tag) unless the vocabulary has this slug in this facet."""
    if (facet, slug) not in vocabulary.slugs:
        label = Facet(facet).label.lower() if facet in Facet.values else f"facet '{facet}' with"
        raise serializers.ValidationError(f"There is no {label} '{slug}'.", code="unknown_tag")


class TagKeysField(serializers.ListField):
    """Tags as "facet:slug"."""

    child = serializers.CharField()

    def to_internal_value(self, data: list[str]) -> tuple[str, ...]:  # type: ignore[override]
        keys: Iterable[str] = super().to_internal_value(data)
        vocabulary = current_snapshot().vocabulary
        for key in keys:
            facet, _, slug = key.partition(":")
            require_tag(vocabulary, facet, slug)
        return tuple(keys)


class SlugsField(serializers.ListField):
    """Slugs of one facet."""

    child = serializers.CharField()

    def __init__(self, *, facet: Facet, **options: object) -> None:
        super().__init__(required=False, **options)  # type: ignore[arg-type]
        self.facet = facet

    def to_internal_value(self, data: list[str]) -> tuple[str, ...]:  # type: ignore[override]
        slugs: Iterable[str] = super().to_internal_value(data)
        vocabulary = current_snapshot().vocabulary
        for slug in slugs:
            require_tag(vocabulary, self.facet, slug)
        return tuple(slugs)
