"""Reads a form out of a page, as a browser would send it back."""

from html.parser import HTMLParser

Fields = list[tuple[str, str]]
_NOT_SENT = frozenset({"submit", "button", "reset", "file", "image"})


class FormReader(HTMLParser):
    """Collects the fields of every form of a page, and the choices of their selects."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Fields] = []
        self.choices: dict[str, list[str]] = {}
        self._select = self._textarea = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a form, or add the value of a field."""
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.forms.append([])
        elif tag == "select":
            self._select = name
            self.choices[name] = []
        elif tag == "textarea":
            self._textarea, self._text = name, []
        elif tag == "option" and self._select:
            self.choices[self._select].append(given.get("value", ""))
            if "selected" in given:
                self._add(self._select, given.get("value", ""))
        elif tag == "input" and name and _is_sent(given):
            self._add(name, given.get("value", "on" if given.get("type") in {"checkbox", "radio"} else ""))

    def handle_endtag(self, tag: str) -> None:
        """Close a select or a textarea."""
        if tag == "select":
            self._select = ""
        elif tag == "textarea" and self._textarea:
            self._add(self._textarea, "".join(self._text).removeprefix("\n"))
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        """Keep what stands in a textarea."""
        if self._textarea:
            self._text.append(data)

    def _add(self, name: str, value: str) -> None:
        if self.forms:
            self.forms[-1].append((name, value))


def _is_sent(given: dict[str, str]) -> bool:
    kind = given.get("type", "text")
    return kind not in _NOT_SENT and (kind not in {"checkbox", "radio"} or "checked" in given)


def read_form(page: str, with_field: str) -> tuple[Fields, dict[str, list[str]]]:
    """The fields of the first form that has one named `with_field`, and the choices of every select of the page.

    Raises LookupError where no form has it.
    """
    reader = FormReader()
    reader.feed(page)
    for form in reader.forms:
        if any(name == with_field for name, _ in form):
            return form, reader.choices
    raise LookupError(f"no form with {with_field}")
