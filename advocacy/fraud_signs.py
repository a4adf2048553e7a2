"""Signs that somebody games the program, over their referrals and asks; a person decides what they mean."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from advocacy.email_domains import company_domain, is_disposable

MANY_A_DAY = 5
SAME_DOMAIN = 3


@dataclass(frozen=True, slots=True)
class SeenReferral:
    """One referral of somebody: its id, the day, and the lead's address."""

    id: int
    on: date
    email: str = ""


@dataclass(frozen=True, slots=True)
class SeenAct:
    """One ask that somebody says they did: the id of its assignment, the day, and the evidence given (a link)."""

    id: int
    on: date
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign: its code, the sentence (it names no lead and no address), the ids it rests on, and a key of its own.

    Codes: many_a_day, same_domain, evidence_twice, disposable. The key stays the same while more is seen, so that a
    sign is raised once.
    """

    code: str
    text: str
    key: str
    referrals: tuple[int, ...] = ()
    acts: tuple[int, ...] = ()


def find_signs(referrals: Iterable[SeenReferral], acts: Iterable[SeenAct]) -> tuple[Sign, ...]:
    """Give all signs over the referrals and the acts of one person, in a stable order."""
    seen = sorted(referrals, key=lambda each: each.id)
    done = sorted(acts, key=lambda each: each.id)
    return (*_many_a_day(seen), *_same_domain(seen), *_disposable(seen), *_evidence_twice(done))


def _many_a_day(referrals: list[SeenReferral]) -> Iterable[Sign]:
    days: dict[date, list[int]] = defaultdict(list)
    for each in referrals:
        days[each.on].append(each.id)
    for on, ids in sorted(days.items()):
        if len(ids) >= MANY_A_DAY:
            text = _("%(count)d referrals on %(day)s.") % {"count": len(ids), "day": on.isoformat()}
            yield Sign("many_a_day", text, f"many_a_day:{on.isoformat()}", referrals=tuple(ids))


def _same_domain(referrals: list[SeenReferral]) -> Iterable[Sign]:
    domains: dict[str, list[int]] = defaultdict(list)
    for each in referrals:
        domain = company_domain(each.email)
        if domain:
            domains[domain].append(each.id)
    for _domain, ids in sorted(domains.items()):
        if len(ids) >= SAME_DOMAIN:
            text = _("%(count)d referred people have addresses of one company.") % {"count": len(ids)}
            yield Sign("same_domain", text, f"same_domain:{ids[0]}", referrals=tuple(ids))


def _disposable(referrals: list[SeenReferral]) -> Iterable[Sign]:
    ids = tuple(each.id for each in referrals if is_disposable(each.email))
    if ids:
        text = ngettext(
            "%(count)d referred address is one that is thrown away after use.",
            "%(count)d referred addresses are such that are thrown away after use.",
            len(ids),
        )
        yield Sign("disposable", text % {"count": len(ids)}, f"disposable:{ids[0]}", referrals=ids)


def _evidence_twice(acts: list[SeenAct]) -> Iterable[Sign]:
    links: dict[str, list[int]] = defaultdict(list)
    for each in acts:
        link = fold_link(each.evidence)
        if link:
            links[link].append(each.id)
    for _link, ids in sorted(links.items(), key=lambda each: each[1]):
        if len(ids) > 1:
            text = _("The same link was given as evidence %(count)d times.") % {"count": len(ids)}
            yield Sign("evidence_twice", text, f"evidence_twice:{ids[0]}", acts=tuple(ids))


def fold_link(link: str) -> str:
    """A link as it is compared: without scheme, "www.", what follows "#", and a last slash; only the host folded."""
    bare = link.strip().split("#", 1)[0].split("://", 1)[-1]
    host, slash, rest = bare.partition("/")
    return f"{host.casefold().removeprefix('www.')}{slash}{rest}".rstrip("/")
