"""Evidence: what is taken, how it is kept and named, and which result it bears out."""

from __future__ import annotations

import io
import time
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from communes.models import Change
from criteria import evidence
from criteria.evidence import EvidenceRefused, acts, contents, names, reading
from criteria.evidence.acts import LARGEST
from criteria.models import CellHead, Evidence, EvidenceLink, Result
from criteria.rules.types import Outcome
from tests.criteria import papers
from tests.criteria.papers import PDF
from tests.criteria.reviewing import adopt_beside
from tests.criteria.world import World, make_world

Type = Evidence.Type


@pytest.fixture
def world(db, settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    world = make_world()
    world.save(world.communes[0], "2", verdict=Outcome.MET)
    return world


def held(world: World, code: str = "2", commune: int = 0) -> Result:
    head = CellHead.objects.get(
        unit_id=world.communes[commune].unit_id, indicator_id=world.indicator(code)
    )
    assert head.result is not None
    return head.result


def attach(world: World, content: bytes = PDF, name: str = "a.pdf", **how) -> None:
    result = how.pop("result", None) or held(world)
    evidence.attach(result=result, file=io.BytesIO(content), name=name, by=world.officer, **how)


def files_kept() -> list[str]:
    """What lies in the media folder."""
    root = Path(settings.MEDIA_ROOT)
    return [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]


def counts(world: World, code: str = "2") -> tuple[int, int]:
    result = held(world, code)
    cell = (result.unit_id, result.indicator_id)
    found = evidence.counted({cell: result.pk}).get(cell, evidence.Counted())
    return found.now, found.before


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, Type.PDF),
        (papers.PNG, Type.PNG),
        (papers.JPEG, Type.JPEG),
        (papers.WEBP, Type.WEBP),
        (papers.office(), Type.DOCX),
        (papers.office("xl/workbook.xml"), Type.XLSX),
        (papers.office("ppt/presentation.xml"), Type.PPTX),
    ],
)
def test_a_file_is_what_its_content_says(content, kind):
    assert contents.type_of(io.BytesIO(content)) is kind


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "rỗng"),
        (b"<html><script>alert(1)</script>", "không phải là PDF"),
        (b'<?xml version="1.0"?><svg onload="alert(1)"/>', "không phải là PDF"),
        (b"MZ\x90\x00" + bytes(60), "không phải là PDF"),
        (papers.bare_zip("a.txt"), "không phải là PDF"),
        (papers.bare_zip("[Content_Types].xml", "a.txt"), "không phải là PDF"),
        (papers.office("word/document.xml", "xl/workbook.xml"), "không phải là PDF"),
        (papers.office()[:60], "hỏng"),
        (papers.OLD_WORD, "kiểu cũ"),
        (papers.office("word/document.xml", "word/vbaProject.bin"), "macro"),
        (papers.office(says=papers.MACROS), "macro"),
    ],
)
def test_what_is_not_taken_is_refused_in_words(content, why):
    with pytest.raises(EvidenceRefused, match=why):
        contents.type_of(io.BytesIO(content))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Biên bản nghiệm thu.pdf", "Biên bản nghiệm thu.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\x\\a.PDF", "a.pdf"),
        ("virus.exe", "virus.exe.pdf"),
        ("a\x00b\nc\u202efdp.pdf", "a b c fdp.pdf"),
        ('a:"b"?.pdf', "a__b__.pdf"),
        ("...", "Minh chứng.pdf"),
        (".pdf", "Minh chứng.pdf"),
    ],
)
def test_a_name_keeps_no_path_no_control_sign_and_a_true_ending(typed, kept):
    assert names.clean(typed, Type.PDF) == kept


@given(st.text(max_size=400))
def test_any_name_becomes_one_part_of_a_path(typed):
    kept = names.clean(typed, Type.PDF)
    assert kept.endswith(".pdf")
    assert len(kept) <= names.LONGEST + 5
    assert not set(kept) & set('/\\<>:"|?*\x00\n')
    assert kept.strip(". ") == kept
    assert names.clean(kept, Type.PDF) == kept


def test_the_same_content_is_kept_once_for_a_unit_and_on_disk(world, settings):
    one, two = world.communes
    world.save(one, "1.2", verdict=Outcome.MET)
    world.save(two, "2", verdict=Outcome.MET)
    attach(world, name="a.pdf")
    attach(world, name="b.pdf", result=held(world, "1.2"))
    attach(world, name="c.pdf", result=held(world, "2", commune=1))
    assert sorted(Evidence.objects.values_list("name", flat=True)) == ["a.pdf", "c.pdf"]
    (kept,) = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert kept.read_bytes() == PDF
    assert kept.name == Evidence.objects.first().sha256
    assert EvidenceLink.objects.count() == 3


def test_a_request_sent_twice_is_recorded_once(world):
    request = uuid4()
    attach(world, request_id=request)
    attach(world, papers.PNG, name="b.png", request_id=request)
    assert Evidence.objects.get().name == "a.pdf"
    assert Change.objects.filter(action="evidence.attach").count() == 1
    attach(world)
    assert Change.objects.filter(action="evidence.attach").count() == 1


def test_evidence_stays_with_its_result_and_is_carried_over(world):
    attach(world)
    assert counts(world) == (1, 0)
    world.save(world.communes[0], "2", verdict=Outcome.NOT_MET)
    assert counts(world) == (0, 1)
    kept = Evidence.objects.get()
    evidence.link(evidence=[kept], result=held(world), by=world.officer)
    assert counts(world) == (1, 0)
    evidence.unlink(evidence=kept, result=held(world), by=world.officer)
    assert counts(world) == (0, 1)
    evidence.link(evidence=[kept], result=held(world), by=world.officer)
    assert counts(world) == (1, 0)
    actions = list(Change.objects.filter(action__startswith="evidence").order_by("seq"))
    words = [change.action.partition(".")[2] for change in actions]
    assert words == ["attach", "link", "unlink", "link"]


def test_evidence_of_another_commune_bears_nothing_out(world):
    attach(world)
    world.save(world.communes[1], "2", verdict=Outcome.MET)
    kept = Evidence.objects.get()
    for act, what in ((evidence.link, {"evidence": [kept]}), (evidence.unlink, {"evidence": kept})):
        with pytest.raises(EvidenceRefused, match="xã khác"):
            act(result=held(world, commune=1), by=world.officer, **what)


def test_a_result_that_was_corrected_takes_no_more_evidence(world):
    result = held(world)
    world.record(
        world.communes[0], result.indicator_id, Outcome.MET, result.true_from, replaces=result.pk
    )
    with pytest.raises(EvidenceRefused, match="vừa được sửa"):
        attach(world, result=result)
    assert not Evidence.objects.exists()
    assert files_kept() == []


def test_an_attach_that_fails_leaves_no_file_unless_other_evidence_is_it(world, monkeypatch):
    def fails(*rows: object) -> int:
        assert len(files_kept()) == 1
        raise IntegrityError("made to fail")

    with monkeypatch.context() as broken:
        broken.setattr(acts, "_link", fails)
        with pytest.raises(IntegrityError, match="made to fail"):
            attach(world)
    assert not Evidence.objects.exists()
    assert files_kept() == []
    attach(world)
    world.save(world.communes[1], "2", verdict=Outcome.MET)
    with monkeypatch.context() as broken:
        broken.setattr(acts, "_link", fails)
        with pytest.raises(IntegrityError, match="made to fail"):
            attach(world, result=held(world, commune=1))
    assert files_kept() == [Evidence.objects.get().file.name]


@pytest.mark.django_db(transaction=True)
def test_a_file_that_another_person_attaches_meanwhile_stays_when_the_first_attach_fails(
    world, monkeypatch
):
    world.save(world.communes[1], "2", verdict=Outcome.MET)
    first, second = held(world), held(world, commune=1)
    links, started = acts._link, Event()

    def attach_second() -> None:
        try:
            started.set()
            attach(world, result=second)
        finally:
            connection.close()

    def fails_for_the_first(rows, result, pending) -> int:
        if result == first:
            other.start()
            started.wait(10)
            wait_until_somebody_waits()
            raise IntegrityError("made to fail")
        time.sleep(0.2)  # so long the first could look and see no row of the second
        return links(rows, result, pending)

    monkeypatch.setattr(acts, "_link", fails_for_the_first)
    other = Thread(target=attach_second)
    with pytest.raises(IntegrityError, match="made to fail"):
        attach(world, result=first)
    other.join(10)
    assert files_kept() == [Evidence.objects.get().file.name]


def wait_until_somebody_waits() -> None:
    """For a lock that this connection holds."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
            if cursor.fetchone() == (True,):
                return
        time.sleep(0.01)
    raise TimeoutError


def test_a_file_over_the_limit_is_refused_and_nothing_kept(world, settings):
    class Large(io.BytesIO):
        def seek(self, *where: int) -> int:
            return LARGEST + 1

    with pytest.raises(EvidenceRefused, match="20 MB"):
        evidence.attach(result=held(world), file=Large(PDF), name="a.pdf", by=world.officer)
    assert not list(Path(settings.MEDIA_ROOT).rglob("*"))


@pytest.mark.parametrize(
    "url",
    [
        "http://langson.gov.vn/",
        "javascript:alert(1)",
        "https://",
        "https://a b.vn/",
        "https://user@x.vn/",
        "https://x.vn/" + "a" * 500,
    ],
)
def test_only_an_https_address_is_a_link(world, url):
    with pytest.raises(EvidenceRefused, match="https://"):
        evidence.attach_address(result=held(world), url=url, by=world.officer)


def test_an_address_is_kept_once_and_needs_no_name(world):
    for _ in range(2):
        evidence.attach_address(
            result=held(world), url="https://langson.gov.vn/tin/1", by=world.officer
        )
    kept = Evidence.objects.get()
    assert (kept.name, kept.type, kept.file.name) == ("langson.gov.vn/tin/1", Type.LINK, "")


def test_a_link_cannot_be_changed_and_evidence_is_a_file_or_an_address(world):
    attach(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceLink.objects.update(withdrawn=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.update(url="https://x.vn/")
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.update(file="")


def test_one_file_bears_out_the_results_of_every_set_that_asks_the_measure(world):
    adopt_beside(world, criteria={7: {"7.1": ">= 90"}}, measures={"7.1": "nho.1.1"})
    world.save(world.communes[0], "1.1", 95)
    attach(world, result=held(world, "1.1"))
    twins = set(CellHead.objects.exclude(result=held(world)).values_list("result", flat=True))
    assert len(twins) == 2
    assert set(reading.linked(twins)) == twins
    evidence.unlink(evidence=Evidence.objects.get(), result=held(world, "1.1"), by=world.officer)
    assert reading.linked(twins) == {}
