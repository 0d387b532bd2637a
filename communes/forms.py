"""Forms of the ground floor: signing in, passwords, people and their assignments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone
from django.utils.text import slugify

from communes.models import Department, Role, Unit, User
from communes.people.assigning import TIERS
from communes.people.refusals import PeopleRefused
from communes.people.scope import managed_units
from communes.people.typed_units import Choice, choices, find
from communes.vietnamese import fold, nfc


class SignInForm(AuthenticationForm):
    """A name in any case; `remember` keeps the person signed in on this machine."""

    remember = forms.BooleanField(required=False)

    def clean_username(self) -> str:
        typed = nfc(self.cleaned_data["username"])
        found = list(User.objects.filter(username__iexact=typed)[:2])
        return found[0].username if len(found) == 1 else typed


class DeviceForm(forms.Form):
    """What a member of the committee calls the device."""

    name = forms.CharField(
        label="Tên thiết bị",
        max_length=60,
        help_text="Ví dụ: iPad phòng họp, điện thoại của tôi.",
        error_messages={
            "required": "Hãy đặt tên cho thiết bị để sau này nhận ra.",
            "max_length": "Tên thiết bị dài quá 60 ký tự.",
        },
    )

    def clean_name(self) -> str:
        return nfc(self.cleaned_data["name"])


class ForgotForm(forms.Form):
    """The address to which a link is mailed."""

    email = forms.EmailField(
        label="Thư điện tử",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Hãy ghi địa chỉ thư điện tử.",
            "invalid": "Địa chỉ thư điện tử chưa đúng; ví dụ: nguyenvana@tinh.gov.vn",
        },
    )


class NewPasswordForm(forms.Form):
    """A new password, typed twice."""

    first = forms.CharField(
        label="Mật khẩu mới",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Hãy ghi mật khẩu mới."},
    )
    second = forms.CharField(
        label="Gõ lại mật khẩu mới",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Hãy gõ lại mật khẩu mới."},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_first(self) -> str:
        password: str = self.cleaned_data["first"]
        try:
            validate_password(password, self.user)
        except forms.ValidationError as error:
            raise forms.ValidationError(error.messages[0]) from error  # one thing at a time
        return password

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        first, second = found.get("first"), found.get("second")
        if first and second and first != second:
            self.add_error("second", "Hai lần gõ không giống nhau.")
        return found


class ChangePasswordForm(NewPasswordForm):
    """The same, after the present password."""

    old = forms.CharField(
        label="Mật khẩu hiện nay",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Hãy ghi mật khẩu hiện nay."},
    )
    field_order = ["old", "first", "second"]

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise forms.ValidationError("Mật khẩu hiện nay chưa đúng.")
        return old


class Day(forms.DateField):
    """A day, from a date box or written as 31/12/2018."""

    def __init__(self, **kwargs: Any) -> None:
        errors = {
            "required": "Hãy chọn ngày.",
            "invalid": "Ngày chưa đúng; ví dụ: 31/12/2018.",
        }
        super().__init__(
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            # Without a last day, browsers let a year of six digits be typed.
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "max": "9999-12-31"}),
            error_messages=errors,
            **kwargs,
        )


class AssignForm(forms.Form):
    """A role on a unit from a day on. `choices` holds the units that the typed text may mean."""

    role = forms.ChoiceField(
        label="Vai trò",
        choices=[("", "– Chọn vai trò –"), *Role.choices],
        error_messages={"required": "Hãy chọn vai trò."},
    )
    unit = forms.CharField(
        label="Xã hoặc tỉnh",
        help_text="Gõ mã hoặc tên. Cán bộ xã: xã của mình; các vai trò khác: tỉnh.",
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
        error_messages={"required": "Hãy gõ mã hoặc tên đơn vị."},
    )
    chosen_unit = forms.IntegerField(required=False)
    department = forms.CharField(
        label="Sở, ngành",
        required=False,
        max_length=160,
        help_text="Phải ghi khi vai trò là Sở, ngành; các vai trò khác để trống.",
        widget=forms.TextInput(attrs={"list": "departments", "autocomplete": "off"}),
    )
    new_department = forms.BooleanField(label="Thêm sở, ngành mới vào danh sách", required=False)
    valid_from = Day(label="Từ ngày")
    last_day = Day(label="Đến hết ngày", required=False, help_text="Để trống: chưa định.")
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        initial = {"valid_from": timezone.localdate(), "request_id": uuid4()}
        super().__init__(*args, initial=initial | kwargs.pop("initial", {}), **kwargs)
        self.by = by
        self.choices: list[Choice] = []
        self.department_is_unknown = False

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if "unit" in found:
            found["unit"] = self._unit(found["unit"], found.get("chosen_unit"), found.get("role"))
        if found.get("role") == Role.DEPARTMENT:
            found["department"] = self._department(found.get("department", ""))
        else:
            found["department"] = None
        first, last = found.get("valid_from"), found.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "Ngày cuối không được trước ngày đầu.")
        return found

    @property
    def valid_until(self) -> date | None:
        """The first day without the assignment."""
        last: date | None = self.cleaned_data["last_day"]
        return last + timedelta(days=1) if last else None

    def refuse(self, refused: PeopleRefused) -> None:
        """Show why the action did not do it, beside its field where the form has that one."""
        self.add_error(refused.field if refused.field in self.fields else None, str(refused))

    def _unit(self, text: str, chosen: int | None, role: Role | None) -> Unit | None:
        try:
            if chosen is not None:
                picked = list(managed_units(self.by).filter(unit_id=chosen).order_by("-valid")[:1])
                self.choices = choices(picked)
            if not self.choices or self.choices[0].text != nfc(text):
                self.choices = find(text, by=self.by)
            fitting = [c for c in self.choices if role and c.version.unit.tier in TIERS[role]]
            self.choices = fitting or self.choices
        except PeopleRefused as error:
            self.refuse(error)
            return None
        picked_now = [c for c in self.choices if c.version.unit_id == chosen]
        if len(self.choices) > 1 and not picked_now:
            self.add_error("unit", "Có nhiều đơn vị phù hợp; hãy chọn một đơn vị bên dưới.")
            return None
        return (picked_now or self.choices)[0].version.unit

    def _department(self, text: str) -> Department | None:
        name = nfc(text)
        if not name:
            self.add_error("department", "Hãy ghi sở, ngành.")
            return None
        known = {fold(row.name): row for row in Department.objects.all()}
        if fold(name) in known:
            return known[fold(name)]
        if self.cleaned_data.get("new_department"):
            return Department(code=_free_code(name), name=name)
        self.department_is_unknown = True
        self.add_error(
            "department",
            f"Chưa có “{name}” trong danh sách. Hãy chọn tên có sẵn, hoặc đánh dấu ô thêm mới.",
        )
        return None


class InviteForm(AssignForm):
    """A person who has no account yet, with a first assignment."""

    email = forms.EmailField(
        label="Thư điện tử",
        help_text="Cũng là tên đăng nhập.",
        max_length=150,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Hãy ghi địa chỉ thư điện tử.",
            "invalid": "Địa chỉ thư điện tử chưa đúng; ví dụ: nguyenvana@tinh.gov.vn",
            "max_length": "Địa chỉ thư điện tử dài quá 150 ký tự.",
        },
    )
    display_name = forms.CharField(
        label="Họ tên hoặc chức danh",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Hãy ghi họ tên hoặc chức danh.",
            "max_length": "Họ tên dài quá 120 ký tự.",
        },
    )
    field_order = ["email", "display_name", "role", "unit", "department", "valid_from", "last_day"]


class EndForm(forms.Form):
    """The last day of an assignment; `now` ends it from today on."""

    last_day = Day(label="Ngày cuối", required=False)
    now = forms.BooleanField(required=False)
    request_id = forms.UUIDField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not found.get("now") and not found.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", "Hãy chọn ngày cuối.")
        return found

    @property
    def on(self) -> date:
        """The first day without the assignment."""
        if self.cleaned_data["now"]:
            return timezone.localdate()
        last: date = self.cleaned_data["last_day"]
        return last + timedelta(days=1)


class RequestForm(forms.Form):
    """A button that may be pressed twice."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)


def _free_code(name: str) -> str:
    """A code for a department of this name that no other has."""
    base = slugify(fold(name))[:34] or "so-nganh"
    taken = set(Department.objects.filter(code__startswith=base).values_list("code", flat=True))
    if base not in taken:
        return base
    return next(f"{base}-{n}" for n in range(2, 1000) if f"{base}-{n}" not in taken)
