"""Rows about events: slots, what was spoken in the ledger, and recordings."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from references.enums import ContentStatus, SlotStatus, TagStatus
from references.importing.running import import_file
from references.models import Contact, Engagement, SpeakingSlot, Tag, Testimonial
from references.rights import Use, usable_testimonials

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = "id,event,date,talk_title,speaker,role,company,topics,level,format,abstract,video_url\n"
PAST = "t1,Ledger Days,2025-05-06,Zero downtime,Ada Voss,Head of Data,Nordbank,Migration,All,talk,We moved.,https://v.example/1\n"
REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "talks.csv"


def write(tmp_path: Path, *rows: str, head: str = HEAD) -> Path:
    path = tmp_path / "talks.csv"
    path.write_text(head + "".join(rows), encoding="utf-8")
    return path


def test_past_talk_is_a_delivered_slot_of_its_speaker_and_once_in_the_ledger(tmp_path: Path) -> None:
    report = import_file(write(tmp_path, PAST))
    assert report.refusal is None, report.problems
    assert report.kind == "events"
    slot, speaker = SpeakingSlot.objects.get(), Contact.objects.get()
    assert (speaker.name, speaker.title, speaker.customer.name) == ("Ada Voss", "Head of Data", "Nordbank")
    assert (slot.event, slot.topic, slot.starts_at.date()) == ("Ledger Days", "Zero downtime", date(2025, 5, 6))
    assert (slot.status, slot.speaker, slot.format, slot.audience) == (SlotStatus.DELIVERED, speaker, "talk", "All")
    assert slot.external_id == "t1"
    touch = Engagement.objects.get()
    assert (touch.contact, touch.activity, touch.status, touch.on) == (
        speaker,
        "speaking",
        "completed",
        slot.starts_at.date(),
    )
    assert [tag.status for tag in slot.tags.all()] == [TagStatus.PROPOSED]
    assert Tag.objects.get(name="Migration") in slot.tags.all()


def test_recording_is_a_draft_that_nobody_may_use_without_consent(tmp_path: Path) -> None:
    import_file(write(tmp_path, PAST))
    piece = Testimonial.objects.get()
    assert (piece.kind, piece.status, piece.url, piece.said_by) == (
        "webinar", ContentStatus.DRAFT, "https://v.example/1", "Ada Voss",
    )  # fmt: skip
    assert not usable_testimonials(Testimonial.objects.all(), Use(on=timezone.localdate())).exists()


def test_import_again_changes_nothing(tmp_path: Path) -> None:
    import_file(write(tmp_path, PAST))
    again = import_file(write(tmp_path, PAST))
    assert again.changes == 0
    assert (again.counts["slots"].unchanged, again.counts["recordings"].unchanged) == (1, 1)
    assert Engagement.objects.count() == SpeakingSlot.objects.count() == 1


def test_coming_event_is_an_open_slot_with_or_without_a_customer(tmp_path: Path) -> None:
    day = timezone.localdate() + timedelta(days=90)
    report = import_file(
        write(
            tmp_path,
            f"t2,Ledger Days,{day},Payments,,,,,,panel,,\n",
            f"t3,Ledger Days,{day},Risk,Bo Reyes,,Voltwerk,,,,,\n",
        )
    )
    assert report.refusal is None, report.problems
    assert {slot.status for slot in SpeakingSlot.objects.all()} == {SlotStatus.OPEN}
    assert not SpeakingSlot.objects.filter(speaker__isnull=False).exists()
    assert not Engagement.objects.exists()
    assert [(note.value, note.problem) for note in report.notes] == [("Bo Reyes", "is to speak still")]
    assert import_file(write(tmp_path, f"t2,Ledger Days,{day},Payments,,,,,,panel,,\n")).changes == 0


def test_event_without_a_day_keeps_the_speaker_and_says_so(tmp_path: Path) -> None:
    report = import_file(write(tmp_path, PAST.replace("2025-05-06", "2025")))
    assert report.refusal is None, report.problems
    assert Contact.objects.get().name == "Ada Voss"
    assert not SpeakingSlot.objects.exists()
    assert report.notes[0].problem == "has no day, so the speaker was kept and no slot made"


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("t4,Ledger Days,soon,Risk,,,,,,,,\n", "date", "is not a date"),
        ("t4,Ledger Days,,Risk,,,,,,,,\n", "date", "is no day"),
        ("t4,Ledger Days,2025-05-06,Risk,Ada Voss,,,,,,,\n", "company", "does not say which customer"),
        (PAST.replace("https://v.example/1", "no link"), "video_url", ""),
    ],
)
def test_bad_row_names_its_column_and_imports_nothing(row: str, column: str, says: str, tmp_path: Path) -> None:
    report = import_file(write(tmp_path, row))
    assert report.refusal is not None
    assert [(problem.line, problem.column) for problem in report.problems] == [(2, column)]
    assert says in report.problems[0].problem
    assert report.problems[0].expected
    assert not SpeakingSlot.objects.exists()


@pytest.mark.skipif(not REAL.exists(), reason="needs the real talks beside the repository")
def test_real_talks_are_slots_and_the_second_import_changes_nothing() -> None:
    report = import_file(REAL, skip_bad_rows=True)
    assert (report.rows, report.refusal) == (530, None)
    assert report.counts["slots"].created == SpeakingSlot.objects.count() > 150
    assert Engagement.objects.filter(activity="speaking").count() == report.counts["slots"].created
    assert {problem.column for problem in report.problems} <= {"company", "date", "video_url"}
    assert all(problem.expected for problem in report.problems)
    assert import_file(REAL, skip_bad_rows=True).changes == 0
