"""Finds the texts that promoters read: in the portal, their letters, and the labels of codes shown there."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCES: tuple[tuple[str, str], ...] = (
    ("templates/web/portal/*.html", ""),
    ("templates/mails/letter.*", ""),
    ("web/portal/*.py", ""),
    ("matching/letters/*.py", ""),
    ("references/letters/drafts.py", ""),
    ("references/letters/asks.py", ""),
    ("surveys/letters/asking.py", ""),
    ("surveys/wording.py", ""),
    ("advocacy/letters/rewards.py", ""),
    ("advocacy/services/redemptions.py", ""),
    ("advocacy/letters/adopters.py", ""),
    ("advocacy/letters/asks.py", ""),
    ("advocacy/letters/referrals.py", ""),
    ("templates/web/referrals/invite.html", ""),
    ("templates/web/referrals/lead.html", ""),
    ("web/referrals/public.py", ""),
    ("web/referrals/public_forms.py", ""),
    ("delivery/trial_letter.py", ""),
    ("references/activities.py", ""),
    ("references/enums.py", "Channel"),
    ("matching/enums.py", "DeclineReason"),
)
"""Files, as patterns, and where only one class of a file is shown, its name."""

ONE = frozenset({"gettext", "gettext_lazy", "gettext_noop"})
SEVERAL = frozenset({"ngettext", "ngettext_lazy"})
_STRING = r"""(?:u?)('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATE = re.compile(rf"\b(n?)gettext\({_STRING}(?:, *{_STRING})?")


@dataclass(frozen=True, slots=True)
class Message:
    """One text, with its plural where it counts something, and the file it stands in."""

    text: str
    plural: str
    path: str


def find_messages() -> dict[str, Message]:
    """Every text of the sources, by itself; the first file that has it is named."""
    found: dict[str, Message] = {}
    for pattern, only in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            source, name = path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix()
            pairs = read_python(source, only) if path.suffix == ".py" else read_template(source)
            for text, plural in pairs:
                found.setdefault(text, Message(text, plural, name))
    return found


def read_python(source: str, only: str = "") -> Iterator[tuple[str, str]]:
    """(text, plural) of every call of a gettext function, by whatever name it was imported; of one class if given."""
    tree: ast.AST = ast.parse(source)
    names = dict(_imported(tree))
    if only:
        tree = next(each for each in ast.walk(tree) if isinstance(each, ast.ClassDef) and each.name == only)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        texts = [each.value for each in node.args[:2] if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        function = names.get(node.func.id, "")
        if function in ONE and texts:
            yield texts[0], ""
        elif function in SEVERAL and len(texts) == 2:
            yield texts[0], texts[1]


def read_template(source: str) -> Iterator[tuple[str, str]]:
    """(text, plural) of every translate and blocktranslate tag."""
    for many, text, plural in _IN_TEMPLATE.findall(templatize(source)):
        yield ast.literal_eval(text), ast.literal_eval(plural) if many else ""


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for each in node.names:
                yield each.asname or each.name, each.name
