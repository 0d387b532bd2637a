"""What a restore refuses before it touches anything: files, and databases."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from reports.office import archive, content, evidence, target
from reports.office.archive import DUMP, EVIDENCE, MANIFEST
from tests.criteria.world import make_world
from tests.site.databases import Database

pytestmark = pytest.mark.django_db
type Spoil = Callable[[Path], None]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return make_archive(tmp_path / "sao-luu.ntm")


def make_archive(path: Path, files: dict[str, bytes] | None = None, **facts: Any) -> Path:
    """A file of our form; its dump is nothing that PostgreSQL would take."""
    known = {
        "program_version": "0.1.0",
        "taken_at": "2026-11-23T08:00:00+07:00",
        "migrations": content.migrations(),
        "rows": {},
        "last_closed_months": [],
    }
    with archive.writing(path) as writer:
        writer.add(DUMP, io.BytesIO(b"PGDMP" + bytes(range(256)) * 40))
        for name, data in (files or {}).items():
            writer.add(EVIDENCE + name, io.BytesIO(data))
        writer.close(known | facts)
    return path


@pytest.fixture(autouse=True)
def _untouched() -> Iterator[None]:
    """Whatever is refused, every table has its rows afterwards."""
    world = make_world()
    world.save(world.communes[0], "1.1", 85)
    before = content.row_counts()
    yield
    assert content.row_counts() == before


def refusal(file: Path, **options: Any) -> str:
    with pytest.raises(CommandError) as refused:
        call_command("restore", file, stdout=io.StringIO(), **options)
    text = str(refused.value)
    assert text.startswith("Không khôi phục, chưa đụng vào gì.")
    return text


def flip(path: Path, place: int) -> None:
    data = bytearray(path.read_bytes())
    data[place] ^= 0xFF
    path.write_bytes(data)


def replace_manifest(path: Path, text: str) -> None:
    with zipfile.ZipFile(path) as old:
        dump = old.read(DUMP)
    with zipfile.ZipFile(path, "w") as new:
        new.writestr(DUMP, dump)
        new.writestr(MANIFEST, text)


def swap_dump(path: Path) -> None:
    """Another dump under the old manifest, as a whole ZIP."""
    with zipfile.ZipFile(path) as old:
        manifest = old.read(MANIFEST)
    with zipfile.ZipFile(path, "w") as new:
        new.writestr(DUMP, b"another")
        new.writestr(MANIFEST, manifest)


def add_member(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as old:
        old.writestr("evidence/../../x", b"x")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda path: flip(path, 5000), "bị hỏng"),
        (lambda path: path.write_bytes(path.read_bytes()[:5000]), "bị hỏng hoặc bị cắt cụt"),
        (swap_dump, "không khớp mã kiểm tra"),
        (add_member, "không đúng với bản kê"),
        (lambda path: path.write_bytes(b""), "không phải là tệp sao lưu"),
        (lambda path: path.write_text("Kính gửi"), "không phải là tệp sao lưu"),
        (lambda path: replace_manifest(path, "[]"), "không phải là tệp sao lưu"),
        (lambda path: replace_manifest(path, '{"format": "khac"}'), "không phải là tệp sao lưu"),
        (
            lambda path: replace_manifest(path, '{"format": "ntm-backup", "format_version": 2}'),
            "phiên bản mới hơn",
        ),
        (lambda path: path.unlink(), "Không có tệp"),
    ],
)
def test_a_damaged_or_foreign_file(file: Path, spoil: Spoil, why: str) -> None:
    spoil(file)
    assert why in refusal(file)


def test_every_flipped_byte_of_a_file_is_noticed(tmp_path: Path) -> None:
    whole = make_archive(tmp_path / "a.ntm").read_bytes()
    file = tmp_path / "b.ntm"
    unnoticed = []
    for place in range(0, len(whole), 37):
        file.write_bytes(whole)
        flip(file, place)
        try:
            found = archive.read(file)
        except archive.BadArchive:
            continue
        with found.member(DUMP) as stream:
            if stream.read() != b"PGDMP" + bytes(range(256)) * 40:
                unnoticed.append(place)
    assert unnoticed == []


def test_a_file_of_a_newer_program(tmp_path: Path) -> None:
    newer = make_archive(tmp_path / "a.ntm", migrations=[["criteria", "9999_sau_nay"]])
    assert "mới hơn chương trình này (chưa có criteria.9999_sau_nay)" in refusal(newer)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"replace": True},
        {"replace": True, "confirm_database": "ntm"},
        {"confirm_database": "?"},
    ],
)
def test_a_database_that_holds_data_without_the_right_words(
    file: Path, options: dict[str, Any]
) -> None:
    text = refusal(file, **options)
    assert "CẢNH BÁO: khôi phục đè lên sẽ XOÁ TOÀN BỘ" in text
    assert text.endswith(f"--replace --confirm-database {connection.settings_dict['NAME']}")


def test_a_database_shared_with_another_program(file: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kho_hang (id integer)")
    name = connection.settings_dict["NAME"]
    text = refusal(file, replace=True, confirm_database=name)
    assert "bảng của chương trình khác (kho_hang)" in text


def test_a_database_that_somebody_works_in(file: Path) -> None:
    name = connection.settings_dict["NAME"]
    with pytest.raises(CommandError) as refused, Database(name=name).connected():
        call_command("restore", file, replace=True, confirm_database=name, stdout=io.StringIO())
    assert "hãy dừng web, worker, beat" in str(refused.value)


def test_an_account_that_does_not_own_the_database(file: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE ntm_khach_thu")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO ntm_khach_thu")
        cursor.execute("SET LOCAL ROLE ntm_khach_thu")
    name = connection.settings_dict["NAME"]
    text = refusal(file, replace=True, confirm_database=name)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    assert "không phải là chủ cơ sở dữ liệu" in text


def test_evidence_goes_into_the_file_and_back_to_its_place(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    whole = archive.read(make_archive(tmp_path / "a.ntm", files={"2026/11/a.pdf": b"%PDF"}))
    with evidence.staged(whole) as staging:
        assert evidence.put_in_place(whole, staging) == 1
    assert (settings.MEDIA_ROOT / "2026/11/a.pdf").read_bytes() == b"%PDF"
    assert [name for name, _ in evidence.files()] == ["evidence/2026/11/a.pdf"]
    assert evidence.different(whole) == []


def test_evidence_of_another_content_is_not_overwritten_unasked(
    tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    file = make_archive(tmp_path / "a.ntm", files={"a.pdf": b"%PDF"})
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "a.pdf").write_bytes(b"other")
    assert "1 tệp minh chứng khác nội dung" in refusal(file)
    with pytest.raises(target.RestoreRefused, match="1 tệp minh chứng"):
        target.check(archive.read(file), replace=False, confirmed_database="")
