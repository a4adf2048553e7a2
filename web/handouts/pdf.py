"""A hand-out on one sheet of paper: set in Roboto, shortened until it fits, with a link to what holds today."""

import logging
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from references.enums import ContentNoun, TestimonialKind
from references.handouts import Picked

logging.getLogger("fontTools").setLevel(logging.WARNING)

INK, QUIET, ACCENT, LINE = (23, 26, 38), (92, 98, 117), (53, 70, 196), (222, 225, 234)
MARGIN = 18.0
MOST_SHOWN = 6
SHORTEST = 60
FULL_LENGTH = 700
INTRO_LENGTH = 400
REPLACEMENT = "\ufffd"
"""Stands for a character that the font does not have."""
ALIKE = str.maketrans({"→": "›", "←": "‹", "✓": "√", "\t": " "})


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed; of more references than fit, the first are, and the link leads to the others."""

    program: str
    title: str
    intro: str
    link: str
    until: datetime | None
    shown: Sequence[Picked]
    paper: str = "a4"


@dataclass(frozen=True, slots=True)
class Entry:
    """One reference in print: what it is, its heading, its words, and whose they are."""

    kind: str
    heading: str
    words: str
    whose: str
    is_quote: bool


def draw_sheet(sheet: Sheet) -> bytes:
    """Draw a sheet: as many references, in the longest words, with which everything stays on one page."""
    entries = [describe_entry(each) for each in sheet.shown[:MOST_SHOWN]]
    for count in range(len(entries), -1, -1):
        page = _fit(sheet, entries[:count])
        if page is not None:
            return bytes(page.output())  # closes its fonts
    raise ValueError("Even the title takes more than a page")


def _fit(sheet: Sheet, entries: Sequence[Entry]) -> FPDF | None:
    """These references on one page; None where even the shortest words take more."""
    longest = max((len(entry.words) for entry in entries), default=0)
    for length in _lengths(min(longest, FULL_LENGTH)):
        page = _draw(sheet, entries, length)
        if page.pages_count == 1:
            return page
        close_fonts(page)
    return None


def describe_entry(picked: Picked) -> Entry:
    """Say a reference that is not gone as it is printed."""
    if picked.person is not None:
        person = picked.person
        heading = ", ".join(part for part in (person.name, person.title, person.customer_name) if part)
        return Entry(_(person.what), heading or person.headline, "", person.headline if heading else "", False)
    piece = picked.piece
    if piece is None:
        raise ValueError("What is gone is not printed")
    kinds = {ContentNoun.CASE_STUDY: _("Case study"), ContentNoun.PROOF_POINT: _("Result")}
    kind = kinds.get(ContentNoun(piece.noun)) or str(TestimonialKind(piece.kind).label)
    whose = " · ".join(part for part in (piece.said_by, piece.customer_name or piece.whose) if part)
    return Entry(kind, capfirst(piece.title), piece.text, whose, piece.noun == ContentNoun.TESTIMONIAL)


def _lengths(longest: int) -> Iterator[int]:
    """Ever fewer letters, down to a few words, and then none."""
    length = max(longest, SHORTEST)
    while length >= SHORTEST:
        yield length
        length = length * 4 // 5
    yield 0


def _draw(sheet: Sheet, entries: Sequence[Entry], length: int) -> FPDF:
    page = _Page(sheet)
    page.add_page()
    page.head(shorten(sheet.intro, INTRO_LENGTH if length > SHORTEST else length * 2))
    if not sheet.shown:
        page.write_line(_("Nothing of it may be shown at the moment."), 11, QUIET)
    for entry in entries:
        page.entry(entry, length)
    if len(sheet.shown) > len(entries):
        rest = len(sheet.shown) - len(entries)
        page.write_line(_("%(count)s more behind the link below.") % {"count": rest}, 9.5, QUIET)
    return page


def shorten(text: str, length: int) -> str:
    """Cut running text at a word, with a sign that it goes on; nothing is left of it at length 0."""
    text = " ".join(text.split())
    if len(text) <= length:
        return text
    cut = text[: max(length - 1, 0)]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:–—") + "…" if cut else ""


class _Page(FPDF):
    """One sheet with its foot; texts keep to the letters that the font has."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(format=sheet.paper)
        self.sheet = sheet
        self.set_margin(MARGIN)
        self.c_margin = 0
        self.set_auto_page_break(True, margin=MARGIN + 12)
        for style, name in (("", "Regular"), ("B", "Medium"), ("I", "Italic")):
            self.add_font("Roboto", style, font_folder() / f"Roboto-{name}.ttf")
        self.set_title(printable(sheet.title))
        self.set_creator(printable(sheet.program))
        self.set_lang("en")

    def head(self, intro: str) -> None:
        """Program, title, introduction, and a line below."""
        self.write_line(self.sheet.program, 10, ACCENT, "B")
        self.ln(2)
        title = shorten(self.sheet.title, 110)
        is_long = len(title) > 60
        self.write_line(title, 16 if is_long else 22, INK, "B", height=7 if is_long else 9)
        if intro:
            self.ln(1.5)
            self.write_line(intro, 11, QUIET, height=5.4)
        self.ln(4)
        self.rule()
        self.ln(4)

    def entry(self, entry: Entry, length: int) -> None:
        """One reference: its kind, heading, words and source."""
        self.write_line(entry.kind, 8.5, ACCENT, "B")
        self.ln(0.5)
        if entry.heading:
            self.write_line(shorten(entry.heading, max(length, 60)), 13, INK, "B", height=6)
        words = shorten(entry.words, length)
        if words:
            self.ln(0.5)
            quoted = _("“%(text)s”") % {"text": words} if entry.is_quote else words
            self.write_line(quoted, 12 if entry.is_quote else 11, INK, "I" if entry.is_quote else "", height=5.8)
        if entry.whose:
            self.ln(0.8)
            self.write_line(shorten(entry.whose, max(length, 80)), 9.5, QUIET)
        self.ln(5 if length > SHORTEST else 2)

    def footer(self) -> None:
        """The day, until when the link holds, and the link."""
        self.set_y(-MARGIN - 9)
        self.rule()
        self.ln(2.5)
        told = _("As of %(day)s.") % {"day": date_format(timezone.localdate(), "j F Y")}
        if self.sheet.until is not None:
            told += " " + _("Kept current until %(day)s here:") % {
                "day": date_format(timezone.localtime(self.sheet.until), "j F Y")
            }
        self.write_line(told, 8.5, QUIET, height=4)
        self.write_line(self.sheet.link, 8, ACCENT, height=4, link=self.sheet.link)

    def write_line(
        self, text: str, size: float, color: tuple[int, int, int], style: str = "", *, height: float = 4.8,
        link: str = "",
    ) -> None:  # fmt: skip
        """Set a paragraph and go below it."""
        self.set_font("Roboto", style, size)
        self.set_text_color(*color)
        self.multi_cell(0, height, printable(text), align="L", link=link, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def rule(self) -> None:
        """A thin line across."""
        self.set_draw_color(*LINE)
        self.set_line_width(0.3)
        self.line(self.l_margin, self.get_y(), self.w - self.r_margin, self.get_y())


def close_fonts(page: FPDF) -> None:
    """Let go of the font files of a page that is not put out."""
    for font in page.fonts.values():
        font.close()  # type: ignore[union-attr]


@cache
def font_folder() -> Path:
    """Where the wheel of Roboto keeps its fonts."""
    return Path(str(files("font_roboto") / "files"))


def printable(text: str) -> str:
    """`text` in the letters that the font has, others replaced; line breaks stay."""
    known = _letters()
    text = unicodedata.normalize("NFC", text).translate(ALIKE)
    return "".join(each if ord(each) in known or each == "\n" else REPLACEMENT for each in text)


@cache
def _letters() -> frozenset[int]:
    probe = FPDF()
    probe.add_font("Roboto", "", font_folder() / "Roboto-Regular.ttf")
    letters = frozenset(probe.fonts["roboto"].cmap)  # type: ignore[union-attr]
    close_fonts(probe)
    return letters
