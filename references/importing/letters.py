"""Judges how well letters beyond ASCII stand in a text, by which one of several old encodings of Europe is chosen."""

import re

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_WORD = re.compile(r"[^\W\d_]*[^\W\d_\x00-\x7f][^\W\d_]*")
_VOWELS = frozenset("aeiouyáéíóúýöæı")
# The letters beyond ASCII of the languages that each encoding was made for.
_WESTERN = (
    "äöüß",
    "àâæçéèêëîïôœùûüÿ",
    "áéíñóúüºª",
    "ãõáâàçéêíóôúü",
    "àèéìíîòóùú",
    "åäöé",
    "åæøéòó",
    "ëïéèöü",
    "áéíóúýðþæö",
)
_CENTRAL = (
    "äöüß", "ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž",
)  # fmt: skip
_LANGUAGES: dict[str, tuple[str, ...]] = {
    "cp1250": _CENTRAL,
    "iso8859_2": _CENTRAL,
    "cp1254": (*_WESTERN[:-1], "çğıöşüâîûi̇"),
    "iso8859_15": (*_WESTERN, "šžõäöü"),
    "cp1252": (*_WESTERN, "šžõäöü"),
}


def judge_letters(text: str, encoding: str) -> tuple[int, int, bool]:
    """How well `text` reads if `encoding` is right: letters that stand well less those that do not; words; and whether
    all of it may be of one language.

    A symbol between letters is wrong, a capital after a small letter, or a þ after a vowel; a letter on its own says
    nothing. Words count whose letters all belong to one language that the encoding was made for: "Dvořák" does and
    "Dvoøák" does not.
    """
    languages = [frozenset(language) for language in _LANGUAGES.get(encoding, _WESTERN)]
    words = [
        frozenset(char for char in word.lower() if not char.isascii()) for word in _WORD.findall(text) if len(word) > 1
    ]
    fitting = sum(any(word <= language for language in languages) for word in words)
    letters = frozenset().union(*words)
    return _judge_places(text), fitting, any(letters <= language for language in languages)


def _judge_places(text: str) -> int:
    merit = 0
    for match in _BEYOND_ASCII.finditer(text):
        before, char, after = text[match.start() - 1 : match.start()], match[0], text[match.end() : match.end() + 1]
        if char.isalpha():
            is_wrong = (char.isupper() and before.islower()) or (char == "þ" and before.lower() in _VOWELS)
            stands_alone = not before.isalpha() and not after.isalpha()
            merit += -1 if is_wrong else 0 if stands_alone else 1
        elif before.isalpha() and after.isalpha():
            merit -= 0 if char in "’–—" else 1
        elif not char.isprintable() or char == "¤":  # the sign that the euro has taken the place of
            merit -= 1
    return merit
