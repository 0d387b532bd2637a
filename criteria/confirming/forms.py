"""What the list of communes sends: which were ticked and what was seen there, and the filters."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.http import QueryDict

from communes.vietnamese import nfc
from criteria.confirming.page import SHOWN, Filters
from criteria.models import Review

LONGEST_REASON = 2000
_TOKEN = re.compile(r"([0-9]{1,18}):([0-9]{1,18}(?:\.[0-9]{1,18}){0,199})")


def read_filters(query: QueryDict) -> Filters:
    """The filters named in an address; an unknown word shows what is usual."""
    show = query.get("show", "")
    return Filters(
        show=show if show in SHOWN else "waiting", district=nfc(query.get("district", ""))[:5]
    )


class ChosenForm(forms.Form):
    """The act and the communes ticked, each as "unit:results seen there"."""

    act = forms.ChoiceField(choices=Review.Act.choices)

    def clean(self) -> dict[str, Any]:
        """Reads `seen`: unit id → the results seen there, in order."""
        cleaned = super().clean() or {}
        self.seen: dict[int, tuple[int, ...]] = {}
        for token in self.data.getlist("commune"):
            found = _TOKEN.fullmatch(token)
            if found is None:
                raise forms.ValidationError(
                    "Danh sách xã gửi lên bị hỏng; hãy tải lại trang và chọn lại."
                )
            self.seen[int(found[1])] = tuple(sorted({int(one) for one in found[2].split(".")}))
        if not self.seen:
            raise forms.ValidationError("Hãy chọn ít nhất một xã.")
        return cleaned

    @property
    def message(self) -> str:
        """The first error, for the top of the page."""
        return next((str(errors[0]) for errors in self.errors.values()), "")


class ReviewForm(ChosenForm):
    """The same once more after the summary, with the reason of a return."""

    reason = forms.CharField(max_length=LONGEST_REASON, required=False, strip=True)
    request_id = forms.UUIDField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["reason"] = nfc(cleaned.get("reason") or "")
        if cleaned.get("act") == Review.Act.RETURN and not cleaned["reason"]:
            self.add_error("reason", "Hãy ghi lý do trả lại, để xã biết cần sửa gì.")
        return cleaned
