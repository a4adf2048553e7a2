"""The benchmarks of ranking, its peers and reading run over a tiny pool; their times are not looked at."""

from pathlib import Path

from django.utils import timezone

from benchmarks import engine, peers, reading
from benchmarks.pool import make_pool, make_segment
from benchmarks.report import Report


def test_ranking_and_peers_run(tmp_path: Path) -> None:
    report, now = Report("test"), timezone.now()
    ranked = engine.run(report, 200, 4, now)
    peers.run(report, ranked)
    reading.run(report, 4, now.date())
    report.write(tmp_path / "results.md")
    written = (tmp_path / "results.md").read_text(encoding="utf-8")
    assert "rank a read brief" in written
    assert "SQLite, FTS5" in written
    assert all(engine_hits for engine_hits in map(ranked.engine.rank, ranked.needs))


def test_make_pool_same_seed() -> None:
    today = timezone.now().date()
    one, other = (make_segment(make_pool(300, today)) for _ in range(2))
    assert one.people_docs.words.rows.tolist() == other.people_docs.words.rows.tolist()
    assert one.ledger.day.tolist() == other.ledger.day.tolist()
