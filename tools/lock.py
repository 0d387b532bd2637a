"""Compile the lock files from pyproject.toml: every package pinned, with hashes.

uv drops comments, so the reason each direct dependency is here is copied in afterwards.
Run by `make lock`; `make lock UPGRADE=1` takes newer versions.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

LOCKS = {
    "requirements.txt": (["pyproject.toml"], "what the program needs to run"),
    "requirements-dev.txt": (
        ["pyproject.toml", "--extra", "devservices", "--group", "dev"],
        "the same, with the embedded services and the tools of the developers",
    ),
    "requirements-uv.txt": (
        ["--group", "pyproject.toml:bootstrap"],
        "uv itself, which installs the rest",
    ),
}
DEPENDENCY = re.compile(r'^\s*"(?P<name>[a-z0-9-]+)[^"]*",\s*# (?P<why>.+)$', re.IGNORECASE)


def reasons() -> dict[str, str]:
    lines = Path("pyproject.toml").read_text(encoding="utf-8").splitlines()
    matches = (DEPENDENCY.match(line) for line in lines)
    return {match["name"].lower(): match["why"].strip() for match in matches if match}


def compile_lock(target: str, sources: list[str], purpose: str, upgrade: bool) -> None:
    command = [
        *(os.environ.get("UV", "uv"), "pip", "compile", "--quiet", "--universal"),
        *("--python-version", "3.12", "--generate-hashes", "--no-emit-index-url"),
        *("--no-emit-find-links", "--no-header", "--output-file", target, *sources),
    ]
    subprocess.run([*command, "--upgrade"] if upgrade else command, check=True)
    why = reasons()
    lines = [f"# {target}: {purpose}. Made by `make lock` from pyproject.toml; do not edit."]
    for line in Path(target).read_text(encoding="utf-8").splitlines():
        name = re.match(r"([a-z0-9-]+)(\[.*\])?==", line)
        if name and name[1] in why:
            lines.append(f"# {why[name[1]]}")
        lines.append(line)
    Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    upgrade = "--upgrade" in sys.argv[1:]
    for target, (sources, purpose) in LOCKS.items():
        compile_lock(target, sources, purpose, upgrade)


if __name__ == "__main__":
    main()
