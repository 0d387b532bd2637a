"""A set that an office went on with itself: its files leave it alone, and say so."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from criteria.catalogue import load_directory
from criteria.drafts import starting
from criteria.models import CriteriaSet, SetVersion
from tests.criteria.test_catalogue import SMALL, small

pytestmark = pytest.mark.django_db


class TestASetThatAnOfficeWroteALaterVersionOf:
    def drafted(self, folder: Path, *, in_force: bool) -> SetVersion:
        """Version 1 from its file, version 2 by the office, and files that say otherwise."""
        load_directory(small(folder))
        first = SetVersion.objects.get(set__code="nho")
        draft = starting.new_version(version=first, by=None)
        if in_force:
            SetVersion.objects.filter(pk=first.pk).update(status="superseded")
            SetVersion.objects.filter(pk=draft.pk).update(status="in_force")
        small(folder, SMALL.replace("code: nho", "code: nho\nversion: 2"), "nho-2.yaml")
        small(folder, SMALL.replace("code: nho", "code: khac"), "khac.yaml")
        return draft

    @pytest.mark.parametrize("in_force", [True, False])
    def test_is_left_alone_and_the_others_are_loaded(self, tmp_path: Path, in_force: bool) -> None:
        draft = self.drafted(tmp_path, in_force=in_force)
        before = SetVersion.objects.filter(set__code="nho").values()
        kept = list(before)
        loaded = load_directory(tmp_path)
        assert [(one.spec.code, one.spec.version, one.new, one.office) for one in loaded] == [
            ("khac", 1, True, 0),
            ("nho", 1, False, 0),
            ("nho", 2, False, draft.no),
        ]
        assert list(before.all()) == kept
        assert CriteriaSet.objects.filter(code="khac").exists()

    def test_is_named_by_the_command(self, tmp_path: Path) -> None:
        self.drafted(tmp_path, in_force=True)
        out = StringIO()
        call_command("load_sets", dir=tmp_path, stdout=out)
        assert "Giữ phiên bản 2 do văn phòng lập" in out.getvalue()
        assert "nho-2.yaml" in out.getvalue()
        assert "Xong: 1 mới, 1 không đổi, 1 giữ bản của văn phòng." in out.getvalue()
