"""Draws customers as the index keeps them, of every shape there is, so that its parts are tested without a database."""

from hypothesis import strategies as st

from references.activities import CODES
from references.days import OPEN_END
from references.pool.features import (
    ENGAGEMENT_STATUSES,
    LOYALTIES,
    SENIORITIES,
    SENSITIVITIES,
    SIZES,
    STATUSES,
    ConsentFeature,
    ContentFeature,
    CustomerFeature,
    EventFeature,
    PersonFeature,
    TagFeature,
)

TODAY = 20_000
NOON = TODAY * 86_400 + 12 * 3600
"""A day number that all dates lie around, and its noon in Unix seconds."""

TAGS = range(1, 9)
DAYS = st.integers(TODAY - 45, TODAY + 45)
ENDS = st.one_of(DAYS, st.just(OPEN_END))
FIELD = st.lists(st.sampled_from(["cloud", "ledger", "fraud", "audit"]), max_size=3)
WORDS = st.tuples(FIELD, FIELD, FIELD)
CARRIED = st.dictionaries(
    st.sampled_from(TAGS), st.builds(TagFeature, DAYS, st.sampled_from([100, 95, 48])), max_size=4
)
CONSENTS = st.lists(st.builds(ConsentFeature, st.integers(0, len(CODES) - 1), DAYS, ENDS), max_size=4)


@st.composite
def people(draw: st.DrawFn, contact_id: int) -> PersonFeature:
    return PersonFeature(
        id=contact_id,
        status=draw(st.integers(0, len(STATUSES) - 1)),
        seniority=draw(st.integers(-1, len(SENIORITIES) - 1)),
        sensitivity=draw(st.integers(0, len(SENSITIVITIES) - 1)),
        activities=draw(st.integers(0, (1 << len(CODES)) - 1)),
        flags=draw(st.sampled_from([0, 0, 0, 1, 2, 4, 8, 16, 31])),
        paused_until=draw(st.one_of(st.just(0), DAYS)),
        max_per_quarter=draw(st.integers(-1, 3)),
        loyalty=draw(st.integers(0, len(LOYALTIES) - 1)),
        title_words=[],
        tags=draw(CARRIED),
        words=draw(WORDS),
        consents=draw(CONSENTS),
        blackouts=draw(st.lists(st.tuples(DAYS, ENDS), max_size=2)),
    )


@st.composite
def content(draw: st.DrawFn, content_id: int) -> ContentFeature:
    return ContentFeature(
        id=content_id,
        kind=draw(st.integers(0, 1)),
        activity=draw(st.integers(0, len(CODES) - 1)),
        contact=0,
        published=draw(DAYS),
        expires=OPEN_END,
        tags=draw(CARRIED),
        words=draw(WORDS),
        consents=draw(CONSENTS),
    )


@st.composite
def events(draw: st.DrawFn, contact_id: int) -> EventFeature:
    """A touch; a hold has run out at noon of TODAY or does so at night."""
    status = draw(st.sampled_from(ENGAGEMENT_STATUSES))
    return EventFeature(
        contact=contact_id,
        activity=draw(st.integers(0, len(CODES) - 1)),
        status=ENGAGEMENT_STATUSES.index(status),
        day=draw(DAYS),
        asked=draw(DAYS),
        answered=draw(DAYS),
        expires=draw(st.sampled_from([NOON, NOON + 12 * 3600])) if status == "held" else 0,
        went_badly=draw(st.booleans()),
        thanked=draw(st.booleans()),
        rewarded=draw(st.booleans()),
    )


@st.composite
def customers(draw: st.DrawFn, customer_id: int) -> CustomerFeature:
    """One customer with up to three people, whose ids grow with its own, and a ledger that knows others, too."""
    ids = [customer_id * 10 + place for place in range(draw(st.integers(0, 3)))]
    touched = st.sampled_from([*ids, customer_id * 10 + 9])
    return CustomerFeature(
        id=customer_id,
        size=draw(st.integers(-1, len(SIZES) - 1)),
        owner=draw(st.integers(0, 3)),
        renewal=draw(st.one_of(st.just(0), DAYS)),
        flags=0,
        exclusions=draw(st.lists(st.sampled_from(["rival", "other"]), max_size=2)),
        people=[draw(people(each)) for each in ids],
        content=[draw(content(customer_id * 10 + place)) for place in range(draw(st.integers(0, 2)))],
        events=draw(st.lists(touched.flatmap(events), max_size=3)),
    )


@st.composite
def pools(draw: st.DrawFn, most: int = 5) -> list[CustomerFeature]:
    """Customers in the order of their ids."""
    ids = draw(st.lists(st.integers(1, 40), min_size=1, max_size=most, unique=True))
    return [draw(customers(each)) for each in sorted(ids)]
