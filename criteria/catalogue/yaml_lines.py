"""Reading YAML with line numbers: typed look-ups that collect every fault instead of stopping."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import yaml

from communes.vietnamese import nfc

_NUMBER = re.compile(r"-?\d{1,14}(\.\d{1,4})?")
_NULL = "tag:yaml.org,2002:null"

type Fields = dict[str, yaml.Node]


@dataclass(frozen=True, order=True)
class Fault:
    """Something wrong in a file: where, and why in words for the person who wrote it."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


@dataclass
class Reading:
    """One file being read. Each look-up answers None after it has noted a fault."""

    file: str
    faults: list[Fault] = field(default_factory=list)

    def fault(self, at: yaml.Node | int, reason: str) -> None:
        line = at if isinstance(at, int) else at.start_mark.line + 1
        self.faults.append(Fault(self.file, line, reason))

    def document(self, path: Path) -> yaml.Node | None:
        """The root of the file; None when it is not UTF-8 or not YAML."""
        content = path.read_bytes()
        try:
            root = yaml.compose(content.decode("utf-8"), Loader=yaml.SafeLoader)
        except UnicodeDecodeError as error:
            self.fault(content[: error.start].count(b"\n") + 1, "tệp không phải UTF-8")
            return None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            self.fault(line, f"sai cú pháp YAML (gần cột {column})")
            return None
        except yaml.YAMLError:
            self.fault(1, "tệp có ký tự không đọc được")
            return None
        if root is None:
            self.fault(1, "tệp trống")
        return root

    def fields(
        self,
        node: yaml.Node,
        what: str,
        *,
        needs: set[str],
        may: frozenset[str] | set[str] = frozenset(),
    ) -> Fields | None:
        """The entries of a mapping with known keys; None when a needed key is missing."""
        entries = self.entries(node, what)
        if entries is None:
            return None
        for key in sorted(entries.keys() - needs - may):
            self.fault(entries[key], f"{what}: không có khóa tên “{key}”")
        missing = sorted(needs - entries.keys())
        for key in missing:
            self.fault(node, f"{what}: thiếu khóa “{key}”")
        return None if missing else entries

    def entries(self, node: yaml.Node, what: str) -> Fields | None:
        """The entries of a mapping, whatever its keys."""
        if not isinstance(node, yaml.MappingNode):
            self.fault(node, f"{what}: phải là danh sách khóa: giá trị")
            return None
        found: Fields = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.fault(key, f"{what}: khóa phải là chữ hoặc số")
            elif key.value in found:
                self.fault(key, f"{what}: khóa “{key.value}” ghi hai lần")
            else:
                found[key.value] = value
        return found

    def items(self, node: yaml.Node, what: str) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode):
            self.fault(node, f"{what}: phải là danh sách")
            return []
        return list(node.value)

    def text(self, node: yaml.Node, what: str, longest: int) -> str | None:
        if not isinstance(node, yaml.ScalarNode) or is_null(node) or not nfc(node.value):
            self.fault(node, f"{what}: phải có chữ")
            return None
        value = nfc(node.value)
        if len(value) > longest:
            self.fault(node, f"{what}: dài {len(value)} ký tự, tối đa {longest}")
            return None
        return value

    def choice(self, node: yaml.Node, what: str, known: list[str]) -> str | None:
        value = node.value if isinstance(node, yaml.ScalarNode) else None
        if value not in known:
            self.fault(node, f"{what}: “{shown(node)}” không thuộc {', '.join(known)}")
            return None
        return str(value)

    def number(self, node: yaml.Node, what: str) -> Decimal | None:
        if not isinstance(node, yaml.ScalarNode) or not _NUMBER.fullmatch(node.value):
            self.fault(node, f"{what}: “{shown(node)}” không phải là số (viết dạng 21.8)")
            return None
        return Decimal(node.value)

    def whole(self, node: yaml.Node, what: str, least: int = 1, most: int = 9999) -> int | None:
        value = node.value if isinstance(node, yaml.ScalarNode) else ""
        if not re.fullmatch(r"\d{1,5}", value) or not least <= int(value) <= most:
            self.fault(
                node, f"{what}: “{shown(node)}” không phải là số nguyên từ {least} đến {most}"
            )
            return None
        return int(value)

    def day(self, node: yaml.Node, what: str) -> date | None:
        try:
            return date.fromisoformat(node.value if isinstance(node, yaml.ScalarNode) else "")
        except ValueError:
            self.fault(node, f"{what}: “{shown(node)}” không phải là ngày (viết dạng 2016-12-01)")
            return None

    def flag(self, node: yaml.Node | None, what: str) -> bool:
        if node is None:
            return False
        return self.choice(node, what, ["true", "false"]) == "true"


def is_null(node: yaml.Node | None) -> bool:
    """Whether the key is absent or its value is empty."""
    return node is None or node.tag == _NULL


def shown(node: yaml.Node) -> str:
    """A value as an error message quotes it."""
    return node.value[:40] if isinstance(node, yaml.ScalarNode) else "…"
