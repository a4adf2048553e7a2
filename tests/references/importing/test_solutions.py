"""Tags and phrases in cells of solutions."""

import pytest

from references.importing.cells import split_values
from references.importing.solutions import is_phrase, split_solutions


@pytest.mark.parametrize(
    ("cell", "tags", "phrases"),
    [
        ("IoT|edge computing|", ("IoT", "edge computing"), ()),
        (
            "Dealflow: An IT competition for Startups | tools: Embedded, GitLab, Maven, Python",
            ("Embedded", "GitLab", "Maven", "Python"),
            ("Dealflow: An IT competition for Startups",),
        ),
        ("tools: Docker or Kubernetes, C/C++, Go, Go, .NET", ("Docker", "Kubernetes", "C/C++", "Go", ".NET"), ()),
        (
            "stateful: PostgreSQL (with backups, daily), Redis, ... and many more",
            ("PostgreSQL (with backups, daily)", "Redis"),
            (),
        ),
        ("More than doubled the anticipated adoption rate", (), ("More than doubled the anticipated adoption rate",)),
        ("https://example.com/a", (), ("https://example.com/a",)),
        ("CI/CD, GitOps", ("CI/CD, GitOps",), ()),
        ("tools: ,", (), ()),
    ],
)
def test_split_solutions_sorts_tags_from_phrases(cell: str, tags: tuple[str, ...], phrases: tuple[str, ...]) -> None:
    assert split_solutions(split_values(cell)) == (tags, phrases)


def test_is_phrase_at_its_limits() -> None:
    assert not is_phrase("one two three four five six")
    assert is_phrase("one two three four five six seven")
    assert not is_phrase("x" * 60)
    assert is_phrase("x" * 61)
