"""Maps the headings of a file to the fields of an import, says why, and refuses files that cannot fill the pool."""

import json
import re
from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from references.importing.aliases import ALIASES, FIELDS, FIRST_OF, IGNORED, MANY, MARKERS, squeeze
from references.importing.errors import ImportRefusedError
from references.importing.wording import LESS, recognize

CANONICAL_KIND, ACCOUNTS, CONTACTS, LEADS, STORIES, SURVEY, EVENTS = (
    "canonical",
    "accounts",
    "contacts",
    "leads",
    "stories",
    "survey",
    "events",
)
SAVED, UNKNOWN = "saved", "unknown"
ITSELF = "the heading itself"
NOTHING = "nothing the pool keeps"
CONTEXT = "the score of an answer to a survey"
# Kinds that are no pool, with what they are.
_REFUSED_KINDS = {
    "opportunities": "a list of opportunities",
    "products": "a list of products",
    "team": "a list of sales people",
    "dictionary": "a description of tables",
}
_LEADS = "These are leads: people at companies that may not be customers yet."
_PERSON = frozenset({"promoter", "first_name", "last_name", "email"})
_VALUE = re.compile(r"\S@\S+\.\w|^\+?[\d\s().:/-]{4,}$")
_NEEDED = (
    "a customer's name (heading customer, Account Name, Company …), or a person or story together with the "
    "customer's id or domain (customer_id, AccountId, customer_domain, Website …)"
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: the field it fills, or None, and why. Of several for a field the least `rank` is best."""

    heading: str
    position: int
    field: str | None
    why: str
    rank: int = 0

    def leave_out(self, why: str) -> "Column":
        """The same column, filling nothing."""
        return Column(self.heading, self.position, None, why)


@dataclass(frozen=True)
class Mapping:
    """How the columns of one file fill the fields. `kind` says what the file was taken for."""

    kind: str
    columns: tuple[Column, ...]
    warnings: tuple[str, ...] = ()

    @cached_property
    def positions(self) -> dict[str, tuple[int, ...]]:
        """The places of the columns that fill each field, the best first, or else in the order of the file."""
        found: dict[str, tuple[int, ...]] = {}
        for column in sorted(self.columns, key=lambda column: column.rank):
            if column.field:
                found[column.field] = (*found.get(column.field, ()), column.position)
        return found

    @cached_property
    def headings(self) -> dict[str, str]:
        """The heading to name when something is wrong with a field; the field itself if no column fills it."""
        best_last = sorted(self.columns, key=lambda column: (-column.rank, -column.position))
        return {column.field: column.heading for column in best_last if column.field}

    @cached_property
    def fields(self) -> frozenset[str]:
        """The fields that some column fills."""
        return frozenset(self.positions)

    @property
    def left_out(self) -> tuple[Column, ...]:
        """The columns that fill nothing, each with why."""
        return tuple(column for column in self.columns if column.field is None)

    def to_json(self) -> str:
        """Write the mapping as {"heading": "field", …}; null for a column left out, so that it can be edited."""
        return json.dumps({c.heading: c.field for c in self.columns if c.heading}, ensure_ascii=False, indent=2)


def guess_mapping(headings: Sequence[str]) -> Mapping:
    """Map `headings` by name and by what kind of file they tell of; never refuses (see require_importable)."""
    names = [squeeze(heading) for heading in headings]
    kind = detect_kind(headings)
    guesses = [_guess(heading, kind, frozenset(names)) for heading in headings]
    best = _best_columns(guesses)
    columns = []
    for place, (heading, guess) in enumerate(zip(headings, guesses, strict=True)):
        field, rank, why = guess
        winner = best[field] if field and field not in MANY else place
        if winner != place and field in FIRST_OF:
            why = f"{field} where “{headings[winner]}” is blank"
        elif winner != place:
            field, why = None, f"{field} is read from “{headings[winner]}”"
        columns.append(Column(heading, place, field, why, rank if field in FIRST_OF else 0))
    return Mapping(kind, _leave_out_followers(columns), _warn_of(kind))


def _leave_out_followers(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Leave out a day or a comment of answers where nothing holds the answers."""
    if any(column.field == "nps" for column in columns):
        return tuple(columns)
    return tuple(
        column.leave_out("there is no answer from 0 to 10 that it could belong to")
        if column.field in {"nps_date", "nps_comment"} and column.why != ITSELF
        else column
        for column in columns
    )


def _warn_of(kind: str) -> tuple[str, ...]:
    if kind != LEADS:
        return ()
    return (f"{_LEADS} A company that is new here is not referenceable, until a manager says on its page that it is.",)


def load_mapping(saved: str | AnyMapping[str, object], headings: Sequence[str]) -> Mapping:
    """Apply a saved mapping, {"heading": "field" or null, …}, to a file with these `headings`.

    Headings are compared without regard to case, spaces and punctuation. Raises ImportRefusedError naming the allowed
    ones for a field that does not exist, a heading that the file lacks (unless null), or a field filled twice.
    """
    entries = _parse_saved(saved)
    by_name = {squeeze(heading): place for place, heading in reversed(list(enumerate(headings)))}
    chosen: dict[int, str | None] = {}
    for heading, field in entries.items():
        if field is not None and field not in FIELDS:
            message = f"The mapping sends “{heading}” to “{field}”, which is no field."
            raise ImportRefusedError("unknown_field", message, f"The fields are: {', '.join(FIELDS)}.")
        place = headings.index(heading) if heading in headings else by_name.get(squeeze(heading))
        if place is not None:
            chosen[place] = field
        elif field is not None:
            message = f"The mapping names “{heading}”, which this file does not have."
            raise ImportRefusedError("unknown_heading", message, f"Its headings are: {_list(headings)}.")
    _require_single(chosen, headings)
    kind = LEADS if detect_kind(headings) == LEADS else SAVED
    return Mapping(
        kind,
        tuple(
            Column(heading, place, chosen.get(place), "as in the saved mapping" if place in chosen else "not mapped")
            for place, heading in enumerate(headings)
        ),
        _warn_of(kind),
    )


def require_importable(mapping: Mapping) -> None:
    """Raise ImportRefusedError unless rows of the file can name a customer, telling what was found and is needed."""
    found = f"Headings found: {_list([column.heading for column in mapping.columns])}."
    if mapping.kind in _REFUSED_KINDS:
        raise ImportRefusedError(
            "wrong_kind",
            f"This looks like {_REFUSED_KINDS[mapping.kind]}, not of customers, contacts or stories. {found}",
            "Export the accounts or the contacts; or pass a mapping if the file does hold customers.",
        )
    fields = mapping.fields
    if mapping.kind == SURVEY and not fields & (_PERSON | {"external_id"}):
        raise ImportRefusedError(
            "wrong_kind",
            f"These are answers to a survey that name no person of the pool. {found}",
            "Import them into a campaign: under Surveys, or with manage.py import_responses. Or pass a mapping.",
        )
    has_subject = bool(fields & (_PERSON | {"story_id", "story_title", "quote"}))
    if {"event", "event_date"} <= fields:
        return
    if mapping.kind == EVENTS and "event" not in fields:
        message = f"These are talks, but nothing says at which event. {found}"
        raise ImportRefusedError("no_event", message, "Add a column event with its name; or pass a mapping.")
    if "customer" in fields or (has_subject and fields & {"customer_id", "customer_domain"}):
        return
    values = [column.heading for column in mapping.columns if _VALUE.search(column.heading)]
    hint = f" A heading such as “{values[0][:60]}” is rather a value: does a row of headings lack?" if values else ""
    raise ImportRefusedError(
        "no_customer", f"Nothing here says which customer a row belongs to. {found}", f"Needed is {_NEEDED}.{hint}"
    )


def detect_kind(headings: Sequence[str]) -> str:
    """Say what kind of file has these `headings`: canonical, accounts, contacts, leads, stories, survey, events,
    unknown, or one that is refused (opportunities, products, team, dictionary)."""
    names = {squeeze(heading) for heading in headings if heading}
    exact = sum(heading in FIELDS for heading in headings)
    if exact * 2 >= len(names) > 0 and "customer" in headings:
        return CANONICAL_KIND
    fields = {found[0] for heading in headings if (found := recognize(heading))}
    count = {kind: len(names & markers) for kind, markers in MARKERS.items()}
    if count["dictionary"] >= 2 and len(names) <= 8 and not fields & _PERSON:
        return "dictionary"
    if ("event" in fields and count["events"] >= 2) or len(names & _OF_SESSIONS) >= 3:
        return EVENTS
    if count["opportunities"] >= 2:
        return "opportunities"
    if "customer" not in fields and not fields & _PERSON and "name" not in names:
        for kind in ("products", "team"):
            if count[kind] >= 2:
                return kind
    if count["leads"] or ({"company", "leadsource"} <= names and not names & {"accountid", "contactid"}):
        return LEADS
    if count["stories"] >= 2:
        return STORIES
    return _detect_people_or_accounts(names, fields, count)


def _detect_people_or_accounts(names: set[str], fields: set[str], count: dict[str, int]) -> str:
    if fields & (_PERSON - {"email"}) or count["contacts"] >= 2 or ("email" in fields and "name" in names):
        return CONTACTS
    if "name" in names and count["accounts"] >= _SURELY_ACCOUNTS:
        return ACCOUNTS
    if fields & _OF_CONTRACTS and not fields & _PERSON and ("customer" in fields or "name" in names):
        return ACCOUNTS
    if "nps" in fields and (count["survey"] or "nps_date" in fields):
        return SURVEY
    if fields & {"email"} or ({"name", "company"} <= names and not count["accounts"]):
        return CONTACTS
    if "customer" in fields or ("name" in names and count["accounts"]):
        return ACCOUNTS
    return UNKNOWN


_SURELY_ACCOUNTS = 4
_OF_A_PERSON = frozenset({"jobtitle", "position", "quote", "testimonial"})
_NAMED_PERSONS = frozenset({"contact", "contactname", "contactperson", "reviewer", "champion"})
_OF_REVIEWS = frozenset({"pros", "cons", "starrating", "reviewid", "reviewurl"})
_OF_DYNAMICS = ("donotmodify", "statusreason")
_OF_CONTRACTS = frozenset({"renewal_date", "annual_value", "health", "tier"})
_MAIN_CONTACTS = frozenset({"primarycontact", "maincontact"})
_Guess = tuple[str | None, int, str]  # field, preference (0 is best), why


def _guess(heading: str, kind: str, names: frozenset[str]) -> _Guess:
    name = squeeze(heading)
    if not name:
        return None, 0, "it has no heading"
    special = _guess_by_kind(heading, name, kind, names)
    if special is not None:
        return special
    if name in IGNORED:
        return None, 0, IGNORED[name]
    found = recognize(heading)
    if found:
        field, rank = found
        if rank >= LESS:
            return field, rank, f"says {field} in other words"
        return field, rank, ITSELF if name == squeeze(field) else f"another name of {field}"
    close = get_close_matches(name, ALIASES, n=1, cutoff=0.85)
    if close:
        return None, 0, f"unknown; if it means {ALIASES[close[0]][0]}, say so in a mapping"
    return None, 0, NOTHING


def _guess_by_kind(heading: str, name: str, kind: str, names: frozenset[str]) -> _Guess | None:
    """Headings that mean one thing in a list of accounts and another in a list of people, stories or answers."""
    if name == "status" and any(each.startswith(_OF_DYNAMICS) for each in names):
        return "deleted", 1, "whether the record is active, in an export of Dynamics"
    if kind == EVENTS:
        return _guess_in_events(name, names)
    if name in {"name", "id"}:
        return _guess_record(name, kind, names)
    if kind == ACCOUNTS and (found := _guess_in_accounts(heading, name, names)):
        return found
    return _guess_in_stories(name, names) if kind in {STORIES, CANONICAL_KIND} else _guess_in_people(name, kind, names)


def _guess_record(name: str, kind: str, names: frozenset[str]) -> _Guess:
    """What a bare "name" or "id" belongs to: the customer, the person or the story."""
    why = f"in a file of {kind}"
    if name == "name":
        if kind == ACCOUNTS and names & _OF_A_PERSON and _name_customers(names):
            return "promoter", 90, "the person's name, beside the customer's"
        if kind == ACCOUNTS or (kind == CONTACTS and names & _MAIN_CONTACTS):
            return "customer", 90 if _name_customers(names) else 1, f"the account's name, {why}"
        if kind == CONTACTS and names & _NAMED_PERSONS:
            return "promoter", 90, "the record's name, where no person is named"
        if kind in {CONTACTS, LEADS}:
            return "promoter", 1, f"the person's name, {why}"
        return None, 0, "a person's or a customer's name? Call it promoter or customer"
    if name == "id" and kind == CONTACTS and names & _MAIN_CONTACTS:
        return "customer_id", 90, "the account's own id, beside its main contact"
    field = {ACCOUNTS: "external_id", CONTACTS: "external_id", LEADS: "external_id", STORIES: "story_id"}.get(kind)
    return (field, 5, f"the record's own id, {why}") if field else (None, 0, "an id of nothing the pool keeps")


def _guess_in_accounts(heading: str, name: str, names: frozenset[str]) -> _Guess | None:
    if name in {"phone", "phonenumber", "telephone", "telephone1", "mobile", "businessphone", "mainphone"}:
        return None, 0, "the company's phone; the pool keeps a person's only"
    if name in {"accountid", "companyid", "customerid", "organizationid", "donotmodifyaccount"}:
        return "external_id", 1, "the record's own id, in a file of accounts"
    if name in {"accountnumber", "rating", "title"} and not names & {"quote", "testimonial"}:
        return None, 0, NOTHING
    if (recognize(heading) or ("",))[0] == "nps":
        return None, 0, "an answer needs a person who gave it"
    return None


def _guess_in_stories(name: str, names: frozenset[str]) -> _Guess | None:
    if name == "solution" and names & {"challenge", "results", "problem"}:
        return "solution_text", 1, "the text of the solution, beside the challenge"
    if name == "title" and "storytitle" not in names and "promoter" not in names:
        return "story_title", 1, "the story's title, in a file of stories"
    if name == "url":
        return "story_url", 5, "the story's address"
    if name == "language" and "promoter" not in names:
        return None, 0, "the story's language, not a person's"
    return None


_OF_SESSIONS = frozenset(
    """sessionid sessionformat sessiontype sessiontitle proposaltitle talktitle speakers speakernames speakeremails
    track room scheduledat scheduledduration""".split()
)
_IN_EVENTS = {
    "owner": (None, 0, "whoever handed the talk in"),
    "datesubmitted": (None, 0, "the day on which the talk was handed in"),
    "speakeremails": (None, 0, "the addresses of all speakers; give each a row of its own"),
    "scheduledat": ("event_date", 2, "the day of the talk"),
    "start": ("event_date", 2, "the day of the talk"),
    "id": ("slot_id", 5, "the talk's own id, in a file of events"),
    "date": ("event_date", 1, "the day of the event"),
    "level": ("audience", 1, "whom the talk is for, not a person's rank"),
    "format": ("event_format", 1, "the form of the talk"),
    "role": ("title", 1, "the speaker's job title, in a file of events"),
    "language": (None, 0, "the talk's language, not a person's"),
}
_TITLES_OF_TALKS = ("talktitle", "sessiontitle", "proposaltitle", "title", "topic")


def _guess_in_events(name: str, names: frozenset[str]) -> _Guess | None:
    if name in _TITLES_OF_TALKS and not names & set(_TITLES_OF_TALKS[: _TITLES_OF_TALKS.index(name)]):
        return "talk_title", 1, "what the talk is about"
    if name == "title":
        return "title", 2, "another name of title"
    if name == "name":
        return "promoter", 1, "the speaker's name, in a file of events"
    return _IN_EVENTS.get(name)


def _guess_in_people(name: str, kind: str, names: frozenset[str]) -> _Guess | None:
    if name == "title" and names & _OF_REVIEWS:
        return None, 0, "the review's title"
    if name == "title" and names & {"jobtitle", "position"}:
        return "title", 90, "another name of title"
    if name in {"score", "answer"} and _tell_of_survey(names):
        return "nps", 90, CONTEXT
    if name == "text" and "score" in names and _tell_of_survey(names):
        return "nps_comment", 90, "what was said beside the score, in answers to a survey"
    if kind in {CONTACTS, LEADS} and name in {"rating", "score"}:
        return None, 0, "a score of the lead, not an answer to a survey"
    if kind == CONTACTS and name in {"accountnumber", "contactowner"}:
        return None, 0, "nothing the pool keeps of a contact"
    if name == "url" and names & {"lastname", "firstname"}:
        return None, 0, "a person's page"
    if kind == CONTACTS and ALIASES.get(name, ("",))[0] == "country" and not _name_customers(names):
        return None, 0, "the person's own address; the customer's country is read from the accounts"
    if name == "url" and "website" not in names:
        return "customer_domain", 40, "the organization's site"
    return None


def _tell_of_survey(names: frozenset[str]) -> bool:
    """Whether some heading tells of a survey, so that a score beside a person is their answer."""
    return any(word in name for name in names for word in ("survey", "response", "responded", "nps", "metric"))


def _name_customers(names: frozenset[str]) -> bool:
    """Whether people stand beside their customer's name, not its id or domain alone."""
    return any(ALIASES.get(name, ("",))[0] == "customer" for name in names)


def _best_columns(guesses: Sequence[_Guess]) -> dict[str, int]:
    """For each field the place of the column with the best preference, the leftmost of equals."""
    best: dict[str, int] = {}
    for place, (field, rank, _) in enumerate(guesses):
        if field and (field not in best or rank < guesses[best[field]][1]):
            best[field] = place
    return best


def _parse_saved(saved: str | AnyMapping[str, object]) -> dict[str, str | None]:
    entries: object = saved
    if isinstance(saved, str):
        try:
            entries = json.loads(saved)
        except (json.JSONDecodeError, RecursionError) as error:
            raise _bad_mapping("The mapping is not valid JSON.") from error
    if not isinstance(entries, AnyMapping):
        raise _bad_mapping("The mapping is not a JSON object.")
    for heading, field in entries.items():
        if not isinstance(heading, str) or not (field is None or isinstance(field, str)):
            raise _bad_mapping(f"The mapping of “{heading}” is neither a field's name nor null.")
    return dict(entries)


def _bad_mapping(message: str) -> ImportRefusedError:
    return ImportRefusedError("bad_mapping", message, 'Write it as {"heading in the file": "field", …}.')


def _require_single(chosen: dict[int, str | None], headings: Sequence[str]) -> None:
    taken: dict[str, int] = {}
    for place, field in chosen.items():
        if field is None or field in MANY or field in FIRST_OF:
            continue
        if field in taken:
            message = f"The mapping fills {field} from “{headings[taken[field]]}” and from “{headings[place]}”."
            raise ImportRefusedError("field_twice", message, "Keep one of them.")
        taken[field] = place


def _list(headings: Sequence[str]) -> str:
    shown = [heading[:60] for heading in headings if heading]
    more = f" and {len(shown) - 30} more" if len(shown) > 30 else ""
    return (", ".join(shown[:30]) or "none") + more
