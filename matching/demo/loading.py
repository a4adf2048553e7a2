"""Puts the whole demonstration into the database: the program's rows, then the requests that are told of its pool."""

from collections.abc import Mapping
from datetime import date

from matching.demo.deals import DEALS
from matching.demo.nominations import tell_nominations
from matching.demo.proofs import tell_proofs
from matching.demo.requests import tell_request
from matching.demo.searches import tell_searches
from matching.demo.speakers import SEARCHES, rank_search, tell_search
from matching.demo.stage import rank_deal, set_stage
from matching.models import Match, ProofUse, Request
from references.demo import PREFIX
from references.demo.loading import DemoReport, load_demo
from references.pool.writing import pool_write


def load_whole_demo(*, today: date, if_empty: bool = False) -> DemoReport:
    """Load the program and its requests, told from `today`; a second load changes nothing.

    Two writes, since requests are ranked over a pool that stands: what a crash left out, the next load adds. No mail
    and no other effect is promised for what has happened before. Raises DomainError(name_taken), as `load_demo` does.
    """
    report = load_demo(today=today, if_empty=if_empty)
    if if_empty and not report.counts:
        return report
    return DemoReport({**report.counts, **load_requests(today=today)}, report.logins)


def load_requests(*, today: date) -> Mapping[str, int]:
    """Write the requests and nominations of the demonstration, unless they are there; gives the rows per kind."""
    if Request.objects.filter(creation_key__startswith=PREFIX).exists():
        return {}
    ProofUse.objects.filter(creation_key__startswith=PREFIX).delete()
    stage = set_stage(today)
    ranked = [rank_deal(deal, stage) for deal in sorted(DEALS, key=lambda deal: -deal.ago)]
    searched = [rank_search(search, stage) for search in SEARCHES]
    with pool_write() as touched:
        requests = [tell_request(stage, each).pk for each in ranked]
        requests += [tell_search(stage, slot, each).pk for slot, each in searched]
        nominations = tell_nominations(stage)
        proofs = tell_proofs(stage)
        saved = tell_searches(stage)
        stage.past.write()
        matches = Match.objects.filter(request__in=requests)
        touched.add(*matches.values_list("contact__customer_id", flat=True))
        return {
            "requests": len(requests), "matches": matches.count(), "nominations": nominations, "uses of proof": proofs,
            "saved searches": saved,
        }  # fmt: skip
