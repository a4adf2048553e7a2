"""`manage.py nps --campaign NAME`: prints the Net Promoter Score of a campaign, whole and by segment."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from references.errors import DomainError
from surveys.intervals import tango_interval
from surveys.models import Campaign
from surveys.scores import HIDDEN, INDICATIVE, Tally
from surveys.segments import add_silent, list_attributes, read_tallies, read_tally

_NOTES = {HIDDEN: "  too few to say", INDICATIVE: "  a hint only"}


class Command(BaseCommand):
    help = "Print the NPS of a campaign with its 95 % interval, and by a segment: an attribute, or one of our own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--campaign", required=True, metavar="NAME")
        parser.add_argument("--by", default="", metavar="SEGMENT", help="an attribute of the file, industry, month, …")
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = Campaign.objects.filter(name=options["campaign"]).first()
        if campaign is None:
            raise CommandError(f"There is no campaign “{options['campaign']}”.")
        rows = campaign.responses.all()
        told = describe_tally(read_tally(rows))
        segments: dict[str, Tally] = {}
        if options["by"]:
            try:
                segments = add_silent(read_tallies(rows, options["by"]), campaign, options["by"])
            except DomainError as error:
                names = ", ".join(list_attributes(rows)) or "none"
                raise CommandError(f"{error.message} Its attributes: {names}.") from error
            told["segments"] = {value: describe_tally(tally) for value, tally in segments.items()}
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        self._tell({campaign.name: read_tally(rows), **{f"  {value}": each for value, each in segments.items()}})

    def _tell(self, tallies: dict[str, Tally]) -> None:
        width = max(map(len, tallies))
        self.stdout.write(f"{'':{width}}      n   9–10    7–8    0–6      NPS   95 % interval")
        for name, tally in tallies.items():
            interval = tango_interval(tally)
            reach = f"{interval.low:6.0f} … {interval.high:.0f}" if interval else ""
            counts = f"{tally.responses:7,}{tally.promoters:7,}{tally.passives:7,}{tally.detractors:7,}"
            score = "" if tally.nps is None else f"{tally.nps:9.2f}"
            self.stdout.write(f"{name:{width}}{counts}{score}   {reach}{_NOTES.get(tally.sample, '')}")


def describe_tally(tally: Tally) -> dict[str, Any]:
    """A tally as plain values: counts, the NPS and its 95 % interval to two decimals, None where nobody answered."""
    interval = tango_interval(tally)
    return {
        "responses": tally.responses,
        "promoters": tally.promoters,
        "passives": tally.passives,
        "detractors": tally.detractors,
        "nps": tally.nps,
        "interval": None if interval is None else [round(interval.low, 2), round(interval.high, 2)],
    }
