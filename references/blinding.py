"""The one place that decides what of a promoter a viewer sees, and how one is described without naming anybody.

Before acceptance a requester sees role, industry, size and reasons, and by policy the customer's name. The person's
name is for managers and the account owner; marketers see it where a consent in force lets the person be named. Whoever
the person said yes to sees it on the pages about that one person, never in a list.
"""

import re
from collections.abc import Iterable

from references.enums import Seniority, SizeBand
from references.models import Contact, Customer
from references.permissions import holds_grant, may_run_program, owns
from references.policy import ProgramPolicy
from references.text import fold, fold_name
from users.models import User

HIDDEN = "…"
_SEPARATOR = re.compile(r"(\s*(?:[,|/@(–—]|\s-\s|\bat\b|\bof\b|\bfor\b|\bwith\b|\bfrom\b)\s*)", re.IGNORECASE)
_EDGES = " ,;|/@()[]–—-·:"
# Words of company names that say nothing about whose they are.
_GENERIC = frozenset(
    """
    the and of for at de la le du des und der die das van von y e & company companies corporation corp incorporated inc
    limited ltd llc plc gmbh ag sa nv bv ab as oy spa group groupe gruppe holding holdings international global national
    bank banking insurance assurance health healthcare hospital hospitals clinic clinics medical pharma energy power
    water utilities telecom mobile media retail stores foods food logistics transport airlines rail motors automotive
    systems solutions services service software technologies technology tech data digital cloud labs lab studio studios
    university college school institute city county state federal government ministry department office council agency
    capital partners investments financial finance fund trust mutual union general first united industries industrial
    manufacturing engineering construction consulting security network networks research sciences science foundation
    association society product products marketing sales operations risk supply chain business development customer
    information chief officer director manager head lead senior president vice executive
    """.split()
)


def may_see_person(user: User, contact: Contact, *, is_attributed: bool = False) -> bool:
    """Whether `user` sees the person's name: managers and the customer's account owner do.

    `is_attributed` says that a consent in force lets the person be named in what is asked about (speaking, a quote);
    then marketers do as well.
    """
    return may_see_name(user, contact.customer.account_owner_id, is_attributed=is_attributed)


def may_see_granted_person(user: User, contact: Contact) -> bool:
    """`may_see_person` on a page about this one person, where a grant counts too; at most one query."""
    return may_see_person(user, contact) or holds_grant(user, contact)


def may_see_name(user: User, account_owner_id: int | None, *, is_attributed: bool = False) -> bool:
    """`may_see_person` for a row of which only the account owner's id is at hand."""
    return may_run_program(user) or owns(user, account_owner_id) or (is_attributed and user.is_marketer)


def may_see_customer_name(user: User, customer: Customer, policy: ProgramPolicy) -> bool:
    """Whether `user` sees the customer's name: by policy where it may be named; managers and its owner always."""
    return may_see_customer(user, customer.account_owner_id, is_named=customer.is_named, policy=policy)


def may_see_customer(user: User, account_owner_id: int | None, *, is_named: bool, policy: ProgramPolicy) -> bool:
    """`may_see_customer_name` for a row of which only these columns are at hand."""
    return may_run_program(user) or owns(user, account_owner_id) or (policy.show_customer_name and is_named)


def headline(
    *,
    title: str = "",
    roles: Iterable[str] = (),
    seniority: str = "",
    industries: Iterable[str] = (),
    regions: Iterable[str] = (),
    size: str = "",
    hidden: Iterable[str] = (),
) -> str:
    """Describe a promoter: "Head of Risk · Banking · Nordics · 10,000+".

    `roles`, `industries` and `regions` are tag names, best first, of which the first is used; `seniority` and `size`
    the codes of their bands. `hidden` are the names that must not show: the person's always, the customer's name and
    domain where the viewer may not see them. A title that gives one away is cut, or replaced by role and seniority.
    """
    hidden = [name for name in hidden if name]
    who = blind_title(title, hidden) or _describe_role(next(iter(roles), ""), seniority)
    parts = [who, next(iter(industries), ""), next(iter(regions), ""), band_label(SizeBand, size)]
    return " · ".join(part for part in parts if part)


def blind_title(title: str, hidden: Iterable[str]) -> str:
    """Cut from a job title whatever names one of `hidden`; "" where nothing safe is left."""
    hidden = list(hidden)
    pieces = _SEPARATOR.split(title.strip())
    kept = pieces[0]
    for separator, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if piece.strip() and not is_telling(piece, hidden):
            kept += separator + piece
    if is_telling(pieces[0], hidden):
        kept = hide_names(kept, hidden, instead=" ")
    kept = " ".join(kept.split()).strip(_EDGES)
    return "" if is_telling(kept, hidden) or not fold_name(kept) else _close(kept)


def is_telling(text: str, hidden: Iterable[str]) -> bool:
    """Whether `text` gives away one of these names: whole, run together, as initials or by a telling word."""
    words = fold_name(text).split()
    squeezed = "".join(words)
    capitals = set(re.findall(r"\b[A-Z]{3,}\b", text))
    for name in hidden:
        own = fold_name(name).split()
        if not own:
            continue
        if set(_telling_words(own)) & set(words) or _has_run(words, own):
            return True
        if len("".join(own)) >= 4 and "".join(own) in squeezed:
            return True
        if len(own) >= 3 and "".join(word[0] for word in own).upper() in capitals:
            return True
    return False


def hide_names(text: str, hidden: Iterable[str], *, instead: str = HIDDEN) -> str:
    """Replace in running text every mention of these names: whole, run together, or by a telling word of theirs."""
    for name in sorted(hidden, key=len, reverse=True):
        own = fold_name(name).split()
        for phrase in [own, ["".join(own)], *([word] for word in _telling_words(own))]:
            text = _replace_phrase(text, phrase, instead)
    return text


def hide_full_name(text: str, name: str, *, instead: str = HIDDEN) -> str:
    """Replace in running text every mention of the whole name, also as "Last, First"; single words of it stay."""
    words = fold_name(name).split()
    return _replace_phrase(_replace_phrase(text, words, instead), [*words[-1:], *words[:-1]], instead)


def _replace_phrase(text: str, words: list[str], instead: str) -> str:
    """Replace a run of words, compared folded, by one `instead`; a possessive or genitive s goes with it."""
    tokens = [(match.start(), match.end(), fold(match.group())) for match in re.finditer(r"[^\W_]+", text)]
    result, end, place = "", 0, 0
    while words and place <= len(tokens) - len(words):
        run = tokens[place : place + len(words)]
        found = [word for _, _, word in run]
        if found == words or (len(words[-1]) >= 3 and found == [*words[:-1], words[-1] + "s"]):
            result += text[end : run[0][0]] + instead
            end = run[-1][1]
            possessive = re.match(r"['’]s\b", text[end:])
            end += possessive.end() if possessive else 0
            place += len(words)
        else:
            place += 1
    return result + text[end:]


def _telling_words(words: list[str]) -> list[str]:
    return [word for word in words if len(word) >= 3 and word not in _GENERIC and word not in _DOMAIN_ENDS]


_DOMAIN_ENDS = frozenset("com net org edu gov www example".split())


def _has_run(words: list[str], run: list[str]) -> bool:
    return any(words[start : start + len(run)] == run for start in range(len(words) - len(run) + 1))


def _close(text: str) -> str:
    """Close what cutting has opened: "CTO (EMEA" → "CTO (EMEA)"."""
    return text + ")" * max(0, text.count("(") - text.count(")"))


def _describe_role(role: str, seniority: str) -> str:
    rank = band_label(Seniority, seniority)
    return ", ".join(part for part in (rank, role) if part)


def band_label(band: type[Seniority] | type[SizeBand], code: str) -> str:
    """What a code of one of the two bands is called; "" for none. Several times as quick as asking a row of a model."""
    return str(band(code).label) if code in band.values else ""
