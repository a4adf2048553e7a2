"""What was understood of a brief, as chips to confirm, change or remove; each is a link to another query string."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from matching.need import Need, Reading
from web.find.state import FindState
from web.templatetags.pages import facet_label

HOW = {
    "name": _("named in the text"),
    "synonym": _("another word for it stands in the text"),
    "inflection": _("a form of it stands in the text"),
    "typo": _("it looks like a misspelling of it"),
    "pattern": _("read from the wording"),
    "user": _("added by you"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One reading: `kind` is sure, unsure, must or not; `words` are those of the brief. The addresses change it.

    `key` and `words` are posted to `confirm_url`, or to `drop_url`, which is empty where leaving it out teaches
    nothing. `nice_url` softens what is required or excluded; it is empty for what is but wished for.
    """

    facet: str
    name: str
    kind: str
    how: str
    words: str
    confirm_url: str
    drop_url: str
    key: str
    must_url: str
    not_url: str
    nice_url: str
    remove_url: str


def make_chips(need: Need, state: FindState, slugs: Mapping[int, str]) -> list[Chip]:
    """Make a chip per reading, in the order of the text; `slugs` names tags by id."""
    return [
        _make_chip(need, reading, f"{reading.facet}:{slugs[reading.tag_id]}", state)
        for reading in need.readings
        if reading.tag_id in slugs
    ]


def _make_chip(need: Need, reading: Reading, key: str, state: FindState) -> Chip:
    if reading.mode == "not":
        kind = "not"
    elif reading.mode == "must":
        kind = "must"
    else:
        kind = "sure" if reading.is_sure else "unsure"
    was_added = reading.method == "user" and key in state.added and not reading.end
    return Chip(
        facet=facet_label(reading.facet),
        name=reading.name,
        kind=kind,
        how=str(HOW[reading.method]),
        words=need.text[reading.start : reading.end],
        confirm_url=reverse("web:find-confirm") + state.query(),
        drop_url=reverse("web:find-drop") + state.query() if reading.method in {"synonym", "inflection"} else "",
        key=key,
        must_url=state.url_with(key, "must"),
        not_url=state.url_with(key, "excluded"),
        nice_url="" if reading.mode == "nice" else state.url_with(key, "wished"),
        remove_url=state.url_with(key, None if was_added else "dropped"),
    )
