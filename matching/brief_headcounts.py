"""Numbers of people in a brief, as matches of the size band that holds them."""

from collections.abc import Sequence

from matching.brief_amounts import FoundCount
from references.lexicon import Entry, Lexicon, Match
from references.words import Word


def match_headcounts(words: Sequence[Word], counts: Sequence[FoundCount], lexicon: Lexicon) -> list[Match]:
    """Turn numbers of people into matches of the size band that holds them."""
    matches = []
    for each in counts:
        inside = [at for at, word in enumerate(words) if each.span.start <= word.start < each.span.end]
        tag = lexicon.band("size", each.count)
        if tag is not None and inside:
            entry = Entry(tag.id, tag.facet, tag.name, (), (), False, False, False, False, False, 0)
            matches.append(Match(entry, inside[0], inside[-1] + 1, 0.95, "pattern"))
    return matches
