"""What the repository may not contain, and what keeps its files readable."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_MODULE = 400
# Spelt in pieces, so that this file does not find itself.
REGISTRIES = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "yarn" + "pkg.com",
    "js" + "delivr.net",
    "un" + "pkg.com",
    "cdn" + "js.",
    "deb." + "debian.org",
]
MACHINE_PATHS = re.compile(
    "|".join(["/ho" + "me/[a-z]", "/ro" + "ot/", "/wo" + "rk/", "/Us" + "ers/"])
)
THIRD_PARTY = re.compile(r"(^|/)(plotly|htmx|leaflet|alpine|jquery)[^/]*\.js$|(^|/)uv\.lock$")


def repository_files() -> list[Path]:
    """What git tracks or would add. A source archive without git has nothing to check."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip(f"not a git checkout: {listed.stderr.strip()}")
    names = [name for name in listed.stdout.split("\0") if name]
    return [path for name in names if (path := ROOT / name).is_file()]


def texts() -> dict[Path, str]:
    found = {}
    for path in repository_files():
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            found[path.relative_to(ROOT)] = content.decode("utf-8", errors="replace")
    return found


def test_no_file_holds_the_leftovers_of_a_merge() -> None:
    marks = re.compile(r"^(<{7} |>{7} )", re.MULTILINE)
    for path in repository_files():
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="ignore")
            assert not marks.search(text), f"{path.relative_to(ROOT)} was merged in part"


def test_no_file_names_a_package_registry() -> None:
    named = [
        f"{path}: {host}" for path, text in texts().items() for host in REGISTRIES if host in text
    ]
    assert named == []


def test_no_file_names_a_path_of_somebody_s_machine() -> None:
    named = [
        f"{path}: {found[0]}"
        for path, text in texts().items()
        if (found := MACHINE_PATHS.search(text))
    ]
    assert named == []


def test_third_party_scripts_come_from_their_wheels() -> None:
    assert [str(p) for p in texts() if THIRD_PARTY.search(p.as_posix())] == []


def test_modules_stay_short_enough_to_read() -> None:
    lengths = {
        str(path): text.count("\n")
        for path, text in texts().items()
        if path.suffix == ".py" and "migrations" not in path.parts
    }
    assert {path: n for path, n in lengths.items() if n > LONGEST_MODULE} == {}


def test_every_module_says_what_lives_in_it() -> None:
    silent = [
        str(path)
        for path, text in texts().items()
        if path.suffix == ".py"
        and "migrations" not in path.parts
        and text.strip()
        and not re.match(r'(#!.*\n)?\s*r?"""', text)
    ]
    assert silent == []
