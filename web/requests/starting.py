"""What the form of a new request starts with: the state of the find page, a button in the CRM, or nothing."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date

from matching.need import Need
from matching.results import Candidate, Excluded
from matching.search import DEFAULT_ACTIVITY, Among, plan_timing, search_need, understand
from matching.services.requests import read_corrections
from references.activities import BY_CODE
from users.models import User
from web.find.state import TEXT_LIMIT, FindState, mark_of
from web.querying import read_keys

MOST_CHOSEN = 10
CORRECTIONS = {"added": "add", "dropped": "drop", "must": "must", "excluded": "not", "wished": "nice"}
"""The fields of corrections, and the names they travel under in addresses and forms."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Somebody chosen for a request: whoever fits, with what stands against asking them now."""

    found: Candidate | Excluded

    @property
    def contact_id(self) -> int:
        return self.found.card.contact_id

    @property
    def is_free(self) -> bool:
        return isinstance(self.found, Candidate)

    @property
    def may_override(self) -> bool:
        """Whether a manager may ask this person all the same."""
        return isinstance(self.found, Excluded) and self.found.may_be_overridden


@dataclass(frozen=True, slots=True)
class Asked:
    """What those chosen are looked at for."""

    need: Need
    activity: str | None
    needed_by: date | None
    prospects: tuple[str, ...]


def read_asked(values: Mapping[str, Any], corrections: Mapping[str, Sequence[str]]) -> Asked:
    """Read what is asked for from the form's values, as far as they make sense by now."""
    activity, wanted = values.get("activity", ""), values.get("needed_by")
    lines = str(values.get("prospects", "")).splitlines()
    return Asked(
        need=understand(str(values.get("brief", ""))[:TEXT_LIMIT], corrections=read_corrections(corrections)),
        activity=activity if activity in BY_CODE else None,
        needed_by=wanted if isinstance(wanted, date) else _read_day(str(wanted or "")),
        prospects=tuple(line.strip() for line in lines if line.strip()),
    )


def read_chosen_ids(query: QueryDict) -> list[int]:
    """The ids of those who were ticked, each once."""
    values = (value for value in query.getlist("contact") if value.isascii() and value.isdecimal() and len(value) < 19)
    return list(dict.fromkeys(int(value) for value in values))[:MOST_CHOSEN]


def read_initial(query: QueryDict, chosen: Sequence[int]) -> dict[str, Any]:
    """The first values of the form: what the address says, then what the brief says."""
    state = FindState.from_query(query)
    need = understand(state.text, corrections=state.corrections) if state.text or state.is_corrected else Need("")
    value = _read_value(query.get("value", ""))
    wanted = state.on or need.needed_by
    prospects = [name for name in query.getlist("prospect") if name.strip()] or [need.prospect or ""]
    return {
        "brief": state.text,
        "deal": query.get("deal", "").strip()[:200] or need.prospect or "",
        "deal_id": query.get("deal_id", "").strip()[:120],
        "deal_stage": query.get("stage", "").strip()[:80],
        "deal_value": need.deal_value if value is None else value,
        "currency": query.get("currency", "").strip()[:3].upper() or ("" if value is not None else need.currency),
        "prospects": "\n".join(prospects),
        "activity": state.activity or need.activity or DEFAULT_ACTIVITY,
        "needed_by": _in_time(wanted, state.activity or need.activity or DEFAULT_ACTIVITY),
        "quantity": min(max(len(chosen), need.quantity or 1), MOST_CHOSEN),
        "key": uuid.uuid4().hex,
    }


def read_kept_corrections(query: QueryDict, brief: str) -> dict[str, list[str]]:
    """The corrections of the reading that travel along, as a request keeps them; they fall away with another text."""
    if query.get("was") and query["was"] != mark_of(_plain(brief)):
        return {}
    found = {name: list(read_keys(query, parameter)) for name, parameter in CORRECTIONS.items()}
    return {name: keys for name, keys in found.items() if keys}


def keep_corrections(corrections: dict[str, list[str]], brief: str) -> list[tuple[str, str]]:
    """The hidden fields that carry corrections along."""
    fields = [(CORRECTIONS[name], key) for name, keys in corrections.items() for key in keys]
    return [*fields, ("was", mark_of(_plain(brief)))] if fields else []


def look_up_chosen(user: User, ids: Sequence[int], asked: Asked) -> list[Chosen]:
    """Those chosen as the viewer may see them, with how they fit the brief and what stands against them."""
    found: list[Chosen] = []
    for contact_id in ids:
        result = search_need(
            user=user,
            need=asked.need,
            activity=asked.activity,
            on=asked.needed_by,
            limit=1,
            lists=("candidates", "excluded"),
            among=Among(only=frozenset({contact_id}), prospects=asked.prospects),
        )
        people: list[Candidate | Excluded] = [*result.candidates, *result.excluded]
        found += [Chosen(each) for each in people]
    return found


def _in_time(wanted: date | None, activity: str) -> date | None:
    """The day wanted, or the earliest that the activity's notice allows; none for none, or one that has passed."""
    today = timezone.localdate()
    return None if wanted is None or wanted < today else plan_timing(activity, wanted, today).on


def _plain(text: str) -> str:
    """A text as the mark of corrections takes it: browsers end lines otherwise when they send."""
    return text.replace("\r\n", "\n").strip()


def _read_day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _read_value(text: str) -> Decimal | None:
    try:
        value = Decimal(text.replace(",", "").replace("\N{NO-BREAK SPACE}", "").strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 <= value < Decimal(10) ** 14 else None


def stored_corrections(state: FindState) -> dict[str, list[str]]:
    """The corrections of a find state, as a request keeps them."""
    return {name: list(keys) for name, keys in asdict(state.corrections).items() if keys}
