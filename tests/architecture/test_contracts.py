"""The direction of imports is kept, and the contracts notice when it is not."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("communes", "criteria", "reports", "ntm_site", "tools")
FLOORS = "Floors: communes below criteria below reports"
WIRING = "Wiring: no app imports ntm_site"
PURE_RULES = "Pure rules: criteria.rules imports the standard library only"
PURE_LINEAGE = "Pure lineage: communes.lineage imports the standard library only"
PURE_CHARTS = "Pure charts: reports.charts does not know Django"


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [program, "--no-cache"], cwd=tree, capture_output=True, text=True, check=False
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The Python packages and their contracts, to be spoilt."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    only_python = shutil.ignore_patterns("__pycache__", "*.pyc")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=only_python)
    return tmp_path


def test_the_project_keeps_its_contracts(tree: Path) -> None:
    result = lint_imports(tree)
    assert result.returncode == 0, result.stdout
    for name in (FLOORS, WIRING, PURE_RULES, PURE_LINEAGE, PURE_CHARTS):
        assert f"{name} KEPT" in result.stdout


@pytest.mark.parametrize(
    ("package", "imported", "contract"),
    [
        ("communes", "criteria.models", FLOORS),
        ("communes", "reports.apps", FLOORS),
        ("criteria", "reports.apps", FLOORS),
        ("communes", "ntm_site.env", WIRING),
        ("criteria", "ntm_site.env", WIRING),
        ("reports", "ntm_site.settings", WIRING),
        ("criteria/rules", "django.utils.timezone", PURE_RULES),
        ("criteria/rules", "criteria.models", PURE_RULES),
        ("criteria/rules", "yaml", PURE_RULES),
        ("communes/lineage.py", "django.utils.timezone", PURE_LINEAGE),
        ("reports/charts", "django.utils.html", PURE_CHARTS),
    ],
)
def test_a_forbidden_import_breaks_the_contract_that_forbids_it(
    tree: Path, package: str, imported: str, contract: str
) -> None:
    spoilt = tree / package
    if spoilt.is_dir():
        spoilt /= "spoilt.py"
    with spoilt.open("a", encoding="utf-8") as module:
        module.write(f"import {imported}\n")
    result = lint_imports(tree)
    assert result.returncode != 0
    assert f"{contract} BROKEN" in result.stdout
