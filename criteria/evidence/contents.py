"""What a file is, read from its first bytes and, for Office, from its parts; never from its name.

Nothing is unpacked but the list of contents of an Office file, and of that one megabyte at most.
"""

from __future__ import annotations

import zipfile
from typing import IO

from criteria.evidence.refusals import EvidenceRefused
from criteria.models import Evidence

Type = Evidence.Type

TAKEN = "PDF, ảnh (PNG, JPEG, WebP), Word (.docx), Excel (.xlsx), PowerPoint (.pptx)"
_PARTS = {
    "word/document.xml": Type.DOCX,
    "xl/workbook.xml": Type.XLSX,
    "ppt/presentation.xml": Type.PPTX,
}
_CONTENTS = "[Content_Types].xml"
_LONGEST_CONTENTS = 1024 * 1024
_MOST_PARTS = 20_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

MEDIA_TYPES = {
    Type.PDF: "application/pdf",
    Type.PNG: "image/png",
    Type.JPEG: "image/jpeg",
    Type.WEBP: "image/webp",
    Type.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Type.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Type.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
SHOWN = frozenset({Type.PDF, Type.PNG, Type.JPEG, Type.WEBP})
"""What a browser may show in its window; the rest is only downloaded."""


def type_of(stream: IO[bytes]) -> Evidence.Type:
    """What the file is. Raises EvidenceRefused for an empty file and for any other type."""
    stream.seek(0)
    head = stream.read(16)
    stream.seek(0)
    if not head:
        raise EvidenceRefused("Tệp rỗng, không có nội dung; hãy kiểm tra lại tệp.")
    if head.startswith(b"%PDF-"):
        return Type.PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return Type.PNG
    if head.startswith(b"\xff\xd8\xff"):
        return Type.JPEG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Type.WEBP
    if head.startswith(b"PK\x03\x04"):
        return _office(stream)
    if head.startswith(_OLD_OFFICE):
        raise EvidenceRefused(
            "Tệp Word, Excel hoặc PowerPoint kiểu cũ, hoặc có mật khẩu; hãy lưu lại dạng .docx,"
            " .xlsx, .pptx không mật khẩu, hoặc xuất ra PDF."
        )
    raise _foreign()


def _office(stream: IO[bytes]) -> Evidence.Type:
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if len(entries) > _MOST_PARTS or _CONTENTS not in names:
                raise _foreign()
            with archive.open(_CONTENTS) as contents:
                said = contents.read(_LONGEST_CONTENTS).lower()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise EvidenceRefused("Tệp bị hỏng, không mở được; hãy lưu lại rồi tải lên.") from error
    except ValueError as error:
        raise error if isinstance(error, EvidenceRefused) else _foreign() from error
    finally:
        stream.seek(0)
    if b"macroenabled" in said or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise EvidenceRefused("Tệp có macro nên không được nhận; hãy lưu lại dạng không macro.")
    found = [kind for part, kind in _PARTS.items() if part in names]
    if len(found) != 1:
        raise _foreign()
    return found[0]


def _foreign() -> EvidenceRefused:
    return EvidenceRefused(
        f"Nội dung tệp không phải là {TAKEN}. Phần mềm xem nội dung, không xem tên tệp."
    )
