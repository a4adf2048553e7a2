"""Every text that promoters read is there in every language we ship, compiled, with the same placeholders."""

import polib
import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext, ngettext

from translations.__main__ import LANGUAGES
from translations.catalog import bring_in_step, catalog_path, find_faults, read_catalog
from translations.messages import ROOT, SOURCES, Message, find_messages, read_python, read_template


def catalog_of(**texts: str) -> polib.POFile:
    catalog = polib.POFile()
    catalog.extend(polib.POEntry(msgid=text, msgstr=told) for text, told in texts.items())
    return catalog


def messages_of(*texts: str) -> dict[str, Message]:
    return {text: Message(text, "", "x.py") for text in texts}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    assert find_faults(read_catalog(language), find_messages()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_runs_is_what_was_translated(language: str) -> None:
    path = catalog_path(language)
    compiled = polib.mofile(str(path.with_suffix(".mo")))
    assert {(each.msgid, each.msgstr, str(each.msgstr_plural)) for each in compiled} == {
        (each.msgid, each.msgstr, str(each.msgstr_plural)) for each in polib.pofile(str(path))
    }


def test_every_shipped_language_but_english_has_a_catalog() -> None:
    assert {code for code, _name in settings.LANGUAGES} == {"en", *LANGUAGES}


def test_every_source_is_found() -> None:
    assert [pattern for pattern, _only in SOURCES if not list(ROOT.glob(pattern))] == []
    paths = {message.path for message in find_messages().values()}
    assert len(paths) > 15
    assert {"web/portal/words.py", "references/activities.py", "matching/letters/promoters.py"} <= paths


def test_texts_are_spoken_in_german() -> None:
    with translation.override("de"):
        assert gettext("Reference call") == "Referenzgespräch"
        assert ngettext("%(n)s more", "%(n)s more", 3) == "%(n)s weitere"


def test_python_is_read_by_whatever_name_functions_have() -> None:
    source = (
        "from django.utils.translation import gettext as now, ngettext\n"
        "from other import gettext as _\n"
        "class A:\n    one = now('One ' 'text')\nmany = ngettext('%(n)s cat', '%(n)s cats', 2)\nno = _('not ours')\n"
    )
    assert sorted(read_python(source)) == [("%(n)s cat", "%(n)s cats"), ("One text", "")]
    assert list(read_python(source, "A")) == [("One text", "")]


def test_templates_are_read_with_their_plurals() -> None:
    source = (
        '{% load i18n %}<a title="{% translate "Don\'t" %}">'
        "{% blocktranslate count n=x %}{{ n }} cat{% plural %}{{ n }} cats{% endblocktranslate %}"
    )
    assert list(read_template(source)) == [("Don't", ""), ("%(n)s cat", "%(n)s cats")]


@pytest.mark.parametrize(
    ("catalog", "fault"),
    [
        (catalog_of(), "not in the catalog: 'Hello %(name)s'"),
        (catalog_of(**{"Hello %(name)s": ""}), "not translated: 'Hello %(name)s'"),
        (catalog_of(**{"Hello %(name)s": "Hallo %(nome)s"}), "placeholders differ: 'Hello %(name)s'"),
        (catalog_of(**{"Hello %(name)s": "Hallo %(name)s", "Gone": "Weg"}), "stands nowhere: 'Gone'"),
    ],
)
def test_faults_are_found(catalog: polib.POFile, fault: str) -> None:
    assert find_faults(catalog, messages_of("Hello %(name)s")) == [fault]


def test_catalog_in_step_keeps_what_was_translated() -> None:
    catalog = catalog_of(Kept="Behalten", Gone="Weg")
    bring_in_step(catalog, messages_of("Kept", "New"))
    assert {each.msgid: each.msgstr for each in catalog} == {"Kept": "Behalten", "New": ""}
