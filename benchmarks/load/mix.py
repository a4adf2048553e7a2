"""What people and programs do at the site, how often, and as which calls; each kind is a method of `Visitor`."""

import json
import random
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from benchmarks.load.calling import Browser, Caller, Reply
from benchmarks.load.pages import read_form
from benchmarks.load.world import World

PAGES = 40
SCORES = (10, 10, 9, 9, 9, 8, 8, 7, 6, 3)
REPEATED = 0.1


class Visitor:
    """A salesperson and a manager in their browsers, and programs with API keys, at one connection."""

    def __init__(self, world: World, caller: Caller, seed: int) -> None:
        self.world, self.caller = world, caller
        self.source = random.Random(seed)
        self.rep, self.manager = Browser(), Browser()
        self.made = {"requests": 0, "touches": 0, "answers": 0}

    def log_in(self) -> None:
        """Log both in by the page, as people do."""
        for browser, email in ((self.rep, self.world.reps[0]), (self.manager, self.world.managers[0])):
            page = self.caller.call("log in", "GET", "/login/", browser=browser).text
            form = dict(read_form(page, "username")[0])
            form |= {"username": email, "password": self.world.password}
            self._post_form("log in", "/login/", list(form.items()), browser)

    def find(self) -> None:
        """Ask the first page for references by a brief."""
        query = urlencode({"q": self.source.choice(self.world.briefs)})
        self.caller.call("find page with an answer", "GET", f"/?{query}", browser=self.rep)

    def search(self) -> None:
        """Ask the API for references by a brief."""
        self._api("API: match search", "matches/search/", {"text": self.source.choice(self.world.briefs)}, expects=200)

    def browse_pool(self) -> None:
        """Look at some page of the pool."""
        self.caller.call("pool page", "GET", f"/pool/?page={self.source.randint(1, PAGES)}", browser=self.rep)

    def see_customer(self) -> None:
        """Look at some customer."""
        self._see_customer(self.source.choice(self.world.customers), self.rep)

    def open_request(self) -> None:
        """Open a request from a deal; one in ten is sent twice, and must be opened once."""
        deal = self._unique()
        body = {"deal": f"Deal {deal[:8]}", "deal_id": deal, "brief": self.source.choice(self.world.briefs)}
        secret = self.source.choice(self.world.rep_keys)
        first = self._api("API: open a request", "requests/", body, key=deal, secret=secret)
        self.made["requests"] += first.status == 201
        if first.status == 201 and self.source.random() < REPEATED:
            again = self._api("API: the same request again", "requests/", body, key=deal, secret=secret)
            if again.status == 201 and json.loads(again.text)["id"] != json.loads(first.text)["id"]:
                self.caller.note_fault("API: the same request again", "it was opened as another one")

    def log_touch(self) -> None:
        """Log that somebody was used outside the system."""
        day = self.world.today - timedelta(days=self.source.randint(1, 300))
        body = {"contact": self.source.choice(self.world.contacts), "activity": "call", "on": day.isoformat()}
        self.made["touches"] += self._api("API: log a touch", "engagements/", body, key=self._unique()).status == 201

    def answer_survey(self) -> None:
        """Bring in an answer to a survey that another tool took."""
        body = {
            "campaign": self.world.campaign,
            "score": self.source.choice(SCORES),
            "comment": "Answers come quickly.",
            "contact": self.source.choice(self.world.contacts),
            "external_id": self._unique(),
        }
        secret = self.source.choice(self.world.manager_keys)
        done = self._api("API: record a survey answer", "survey-responses/", body, key=self._unique(), secret=secret)
        self.made["answers"] += done.status == 201

    def edit_tags(self) -> None:
        """Open the form of a customer, put one tag in place of another, save, and see the customer."""
        pk = self.source.choice(self.world.customers)
        address = f"/customers/{pk}/edit/"
        page = self.caller.call("form of a customer", "GET", address, browser=self.manager)
        if page.status != 200:
            return
        fields, choices = read_form(page.text, "domain")
        self._post_form("edit tags", address, swap_tag(fields, choices["tags"], self.source), self.manager)
        self._see_customer(pk, self.manager)

    def _see_customer(self, pk: int, browser: Browser) -> None:
        self.caller.call("customer page", "GET", f"/customers/{pk}/", browser=browser)

    def _post_form(self, kind: str, path: str, fields: list[tuple[str, str]], browser: Browser) -> None:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self.caller.call(kind, "POST", path, body=urlencode(fields), headers=headers, browser=browser, expects=302)

    def _api(self, kind: str, path: str, body: object, *, key: str = "", secret: str = "", expects: int = 201) -> Reply:
        secret = secret or self.source.choice(self.world.rep_keys)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"}
        if key:
            headers["Idempotency-Key"] = key
        return self.caller.call(
            kind, "POST", f"/api/v1/{path}", body=json.dumps(body), headers=headers, expects=expects
        )

    def _unique(self) -> str:
        return str(UUID(int=self.source.getrandbits(128), version=4))


READS: dict[Callable[[Visitor], None], int] = {
    Visitor.find: 20,
    Visitor.search: 15,
    Visitor.browse_pool: 15,
    Visitor.see_customer: 20,
}
WRITES: dict[Callable[[Visitor], None], int] = {
    Visitor.open_request: 5,
    Visitor.log_touch: 10,
    Visitor.answer_survey: 10,
    Visitor.edit_tags: 5,
}
SHARES = READS | WRITES
"""Of a hundred acts, how many are of each kind."""


def swap_tag(fields: list[tuple[str, str]], choices: list[str], source: random.Random) -> list[tuple[str, str]]:
    """The fields of a form with the first of its tags gone, and another of the choices put last."""
    tags = [value for name, value in fields if name == "tags"]
    others = [value for value in choices if value not in tags]
    chosen = [*tags[1:], source.choice(others)]
    return [each for each in fields if each[0] != "tags"] + [("tags", value) for value in chosen]
