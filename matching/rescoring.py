"""Scores people who were put forward as another policy would; of the pool only their customers are read anew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from matching.need import Need
from matching.ranking import fit_of, measure_groups, plan_need
from references.policy import ProgramPolicy
from references.pool.features import read_features
from references.pool.index import current_snapshot
from references.pool.segment import build_segment
from references.pool.snapshot import Snapshot, View


@dataclass(frozen=True, slots=True)
class Proposed:
    """One person put forward, `key` telling them apart, with their fatigue under the policy that judges."""

    key: int
    contact_id: int
    customer_id: int
    phi: float


def score_proposed(
    policy: ProgramPolicy, proposed: Sequence[tuple[Need, Sequence[Proposed]]], *, today: date
) -> dict[int, float]:
    """The score of each by their key, as `ranking.py` computes it; people who left the pool are left out.

    A constant number of queries for up to a thousand customers.
    """
    customers = {each.customer_id for _need, people in proposed for each in people}
    snapshot, view = _under(policy), _read_view(customers, policy)
    rows = {contact_id: row for row, contact_id in enumerate(view.segment.people_docs.ids.tolist())}
    accepted, answered = view.segment.answers
    ranking, mean = policy.ranking, snapshot.acceptance
    acceptance = (accepted + ranking.acceptance_prior * mean) / (answered + ranking.acceptance_prior) - mean
    scores: dict[int, float] = {}
    for need, people in proposed:
        plan = plan_need(snapshot, need)
        measured = measure_groups(plan, view, snapshot, today=today)
        standing = ranking.fit_points * fit_of(plan, measured, len(rows)) + ranking.acceptance_points * acceptance
        for each in people:
            if each.contact_id in rows:
                scores[each.key] = float(standing[rows[each.contact_id]]) - ranking.fatigue_points * each.phi
    return scores


def _under(policy: ProgramPolicy) -> Snapshot:
    """The pool as it is, under another policy."""
    held = current_snapshot()
    return Snapshot(
        epoch=held.epoch, number=held.number, views=held.views, vocabulary=held.vocabulary, policy=policy
    )  # fmt: skip


def _read_view(customers: Iterable[int], policy: ProgramPolicy) -> View:
    features = read_features(sorted(customers), "default", names_customers=policy.show_customer_name)
    return View(build_segment(features), np.empty(0, dtype=np.int64))
