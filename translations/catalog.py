"""The catalog of one language: brought in step with the texts, judged, and compiled to what runs."""

import re
from pathlib import Path

import polib

from translations.messages import ROOT, Message

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd%]|\{\w*\}")


def catalog_path(language: str) -> Path:
    """Where the texts of a language lie; what is compiled of them lies beside it, ending in .mo."""
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalog(language: str) -> polib.POFile:
    """The catalog as it stands."""
    return polib.pofile(str(catalog_path(language)), wrapwidth=118)


def bring_in_step(catalog: polib.POFile, messages: dict[str, Message]) -> None:
    """Add texts that are new, untranslated, take out those that are gone, and say where each stands."""
    kept = {entry.msgid: entry for entry in catalog if entry.msgid in messages}
    catalog.clear()
    for text, message in sorted(messages.items(), key=lambda pair: (pair[1].path, pair[0])):
        entry = kept.get(text) or polib.POEntry(msgid=text)
        entry.occurrences = [(message.path, "")]
        entry.flags = ["python-format"] if "%(" in text else []
        if message.plural:
            entry.msgid_plural = message.plural
            entry.msgstr_plural = entry.msgstr_plural or {0: "", 1: ""}
        catalog.append(entry)


def find_faults(catalog: polib.POFile, messages: dict[str, Message]) -> list[str]:
    """What is wrong: texts without a translation, translations of nothing, placeholders that differ."""
    there = {entry.msgid: entry for entry in catalog}
    faults = [f"not in the catalog: {text!r}" for text in messages if text not in there]
    faults += [f"stands nowhere: {text!r}" for text in there if text not in messages]
    for text, entry in there.items():
        translated = list(entry.msgstr_plural.values()) or [entry.msgstr]
        if "fuzzy" in entry.flags or not all(translated):
            faults.append(f"not translated: {text!r}")
        wanted = [_placeholders(text), *([_placeholders(entry.msgid_plural)] if entry.msgid_plural else [])]
        if all(translated) and any(_placeholders(each) not in wanted for each in translated):
            faults.append(f"placeholders differ: {text!r}")
    return faults


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))
