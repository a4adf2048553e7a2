"""Registers the tables of the pool, in the order in which they are listed."""

from references.tables.content import CASE_STUDIES, PROOF_POINTS, TESTIMONIALS
from references.tables.people import CONSENTS, LEDGER, PROMOTERS
from references.tables.records import CUSTOMERS, DISCLOSURES, LEADS, NOMINATIONS, SLOTS
from references.tables.table import register_table


def register_tables() -> None:
    """Let the tables of the pool be exported."""
    for table in (
        PROMOTERS, CUSTOMERS, CASE_STUDIES, TESTIMONIALS, PROOF_POINTS, SLOTS, CONSENTS, LEDGER, NOMINATIONS, LEADS,
        DISCLOSURES,
    ):  # fmt: skip
        register_table(table)
