"""Prints what the pure modules answer to fixed questions, to the last bit, so that processes can be compared.

`python -m tests.matching.answers` is started by `test_same_everywhere.py`; it uses no database.
"""

import hashlib
from datetime import timedelta

import django

BRIEFS = (
    "An insurer in Spain and a bank, not a retailer, must speak German, by Friday, $4m deal",
    "Their finance director wants a call with a hospital or a brewery; ideally Portland, OR",
    "k8s, golang and fraud detection at a telco of 500 employees, other than Oracle users",
)
WORDS = "saved weeks in the ledger after a fraud audit of every branch in the cloud".split()


def answers() -> list[str]:
    """Give one line for each question: readings, scores of a pool, the fatigue curve, caps and the next free date."""
    from references.activities import CODES
    from references.availability import Circumstances, next_free_date
    from references.caps import check_caps
    from references.fatigue import Touch, curve
    from references.policy import ProgramPolicy
    from tests.matching.pools import NOW, TODAY

    policy = ProgramPolicy()
    statuses = sorted(policy.fatigue.status_weights)
    ledger = tuple(
        Touch(1, CODES[place % len(CODES)], statuses[place % len(statuses)], day, NOW - timedelta(days=90), str(place))
        for place, day in enumerate(TODAY + timedelta(days=11 * step) for step in range(-12, 3))
        if statuses[place % len(statuses)] != "asked"
    )
    circumstances = Circumstances(own=ledger[::2], colleagues=ledger[1::2], consents=None)
    points = curve(
        ledger[::2], ledger[1::2], "normal", policy.fatigue, start=TODAY - timedelta(days=60),
        end=TODAY + timedelta(days=60), now=NOW, step_days=3,
    )  # fmt: skip
    return [
        *_rankings(),
        *[repr(point.phi.hex()) for point in points],
        *[repr(check_caps(ledger[::2], ledger, code, TODAY, NOW, policy.caps)) for code in CODES],
        *[repr(next_free_date(circumstances, code, from_=TODAY, now=NOW, policy=policy)) for code in CODES],
    ]


def _rankings() -> list[str]:
    """Read every brief, and score by it the people of a pool who each carry some of the tags read."""
    from matching.brief import read_brief
    from references.lexicon import Lexicon
    from references.pool.features import SENIORITIES, SIZES
    from references.starter import build_starter_vocabulary
    from tests.matching.pools import TODAY, customer, person, rank, snapshot_of, touch

    vocabulary = build_starter_vocabulary()
    needs = [read_brief(text, Lexicon(vocabulary), today=TODAY) for text in BRIEFS]
    read = sorted({reading.tag_id for need in needs for reading in need.readings})
    customers = []
    for number in range(1, 61):
        contact = person(
            number,
            read[number % 5 :: 1 + number % 7],
            seniority=SENIORITIES[number % len(SENIORITIES)],
            words=" ".join(WORDS[number % 4 :: 1 + number % 3]),
        )
        events = [touch(number, "call", "completed", TODAY - timedelta(days=number * 3))] * (number % 3)
        customers.append(customer(number, contact, size=SIZES[number % len(SIZES)], events=events))
    pool = snapshot_of(vocabulary.tags, customers, parts=2)
    lines = [repr(sorted(need.as_dict().items())) for need in needs]
    for need in needs:
        for contact_id, row in sorted(rank(pool, need).items()):
            lines.append(f"{contact_id} {row.score.hex()} {row.fit.hex()} {sorted(row.broken)} {row.terms}")
    return lines


if __name__ == "__main__":
    django.setup()
    found = answers()
    print(len(found), hashlib.sha256("\n".join(found).encode()).hexdigest())
