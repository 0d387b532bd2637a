"""Typed readers of the environment. A value that is missing or wrong is one line, not a traceback.

`site_config` is the whole list of what an office can set; settings.py only arranges it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

ENVIRONMENTS = ("demo", "test", "production")
TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off", ""}
# Only for a site that answers on this machine: production refuses to start without its own.
DEMO_SECRET_KEY = "khong-dung-cho-may-chu-that-" + "demo" * 8


class EnvError(Exception):
    """A setting that is missing or cannot be read; the message names the variable."""


@dataclass(frozen=True)
class Environment:
    """Readers over one mapping; `NAME_FILE` may name a file that holds the value of `NAME`."""

    values: Mapping[str, str]

    def text(self, name: str, default: str | None = None) -> str:
        value = self._read(name)
        if value is None:
            value = default
        if value is None:
            raise EnvError(f"Thiếu biến môi trường {name} (hoặc {name}_FILE trỏ tới tệp chứa nó).")
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        value = self._read(name)
        if value is None:
            return default
        if value.lower() in TRUE_WORDS:
            return True
        if value.lower() in FALSE_WORDS:
            return False
        raise EnvError(f"Biến môi trường {name} phải là 1 hoặc 0, đang là “{value}”.")

    def number(self, name: str, *, default: int) -> int:
        value = self._read(name)
        if value is None:
            return default
        try:
            return int(value)
        except ValueError:
            raise EnvError(
                f"Biến môi trường {name} phải là số nguyên, đang là “{value}”."
            ) from None

    def words(self, name: str, default: tuple[str, ...] | None = None) -> list[str]:
        """A list separated by commas."""
        joined = self.text(name, None if default is None else ",".join(default))
        return [word.strip() for word in joined.split(",") if word.strip()]

    def _read(self, name: str) -> str | None:
        if value := self.values.get(name, "").strip():
            return value
        if not (path := self.values.get(f"{name}_FILE", "").strip()):
            return None
        try:
            return Path(path).read_text(encoding="utf-8").strip() or None
        except OSError as error:
            raise EnvError(
                f"Không đọc được tệp của biến {name}_FILE ({path}): {error.strerror}."
            ) from None


@dataclass(frozen=True, kw_only=True)
class SiteConfig:
    """What the environment decides. Addresses are None where the embedded services serve."""

    name: str
    debug: bool
    demo: bool
    secret_key: str
    allowed_hosts: list[str]
    trusted_origins: list[str]
    database_url: str | None
    redis_url: str | None
    data_dir: Path
    https: bool
    behind_proxy: bool
    submit_by_day: int
    remind_days_before: int
    site_url: str


def site_config(values: Mapping[str, str] = os.environ) -> SiteConfig:
    """Read everything; production must name its own services and secrets."""
    env = Environment(values)
    name = env.text("NTM_ENV", "demo")
    if name not in ENVIRONMENTS:
        raise EnvError(f"Biến môi trường NTM_ENV phải là {', '.join(ENVIRONMENTS)}: “{name}”.")
    debug = env.flag("DEBUG", default=name != "production")
    demo = env.flag("NTM_DEMO", default=False)
    if debug and name == "production":
        raise EnvError("DEBUG=1 không được dùng cùng NTM_ENV=production.")
    if demo and not debug:
        raise EnvError("NTM_DEMO=1 chỉ dùng cho bản trình diễn, không dùng khi DEBUG tắt.")
    needed = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS")
    missing = [item for item in needed if not debug and env.text(item, "") == ""]
    if missing:
        raise EnvError(
            f"Thiếu biến môi trường {', '.join(missing)}: khi DEBUG tắt, máy chủ phải có khoá, "
            "cơ sở dữ liệu và hàng đợi riêng (không dùng PostgreSQL, Valkey kèm theo)."
        )
    secret_key = env.text("SECRET_KEY", DEMO_SECRET_KEY)
    weak = len(secret_key) < 50 or len(set(secret_key)) < 5 or secret_key == DEMO_SECRET_KEY
    if weak and not debug:
        raise EnvError("Biến môi trường SECRET_KEY phải là chuỗi ngẫu nhiên dài từ 50 ký tự.")
    checkout = Path(__file__).resolve().parent.parent
    hosts = env.words("ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
    https = env.flag("HTTPS", default=not debug)
    origins = env.words("CSRF_TRUSTED_ORIGINS", ())
    own = origins[0] if origins else f"http{'s' * https}://{hosts[0]}"
    return SiteConfig(
        name=name,
        debug=debug,
        demo=demo,
        secret_key=secret_key,
        allowed_hosts=hosts,
        trusted_origins=origins,
        database_url=env.text("DATABASE_URL", "") or None,
        redis_url=env.text("REDIS_URL", "") or None,
        data_dir=Path(env.text("NTM_DATA_DIR", str(checkout / ".data"))).expanduser().resolve(),
        https=https,
        behind_proxy=env.flag("BEHIND_PROXY", default=False),
        # No rule of the programme names a day: the end of the month, unless the office says
        # otherwise. The demo stands at a month's end and needs a deadline that has passed.
        submit_by_day=_day_of_month(env, "NTM_SUBMIT_BY_DAY", default=25 if demo else 31),
        remind_days_before=env.number("NTM_REMIND_DAYS_BEFORE", default=3),
        site_url=env.text("SITE_URL", own).rstrip("/"),
    )


def _day_of_month(env: Environment, name: str, *, default: int) -> int:
    day = env.number(name, default=default)
    if not 1 <= day <= 31:
        raise EnvError(f"Biến môi trường {name} phải từ 1 đến 31 (31: ngày cuối tháng).")
    return day


def database(url: str) -> dict[str, Any]:
    """postgres://user:password@host:port/name?host=/socket/dir&sslmode=… as Django wants it."""
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    try:
        port = parts.port
    except ValueError:
        raise EnvError("DATABASE_URL có cổng không phải là số.") from None
    if parts.scheme not in ("postgres", "postgresql") or not name:
        raise EnvError("DATABASE_URL phải có dạng postgres://người:mật-khẩu@máy:5432/tên-csdl.")
    query = {key: found[-1] for key, found in parse_qs(parts.query).items()}
    return {
        "NAME": name,
        "USER": query.pop("user", None) or unquote(parts.username or ""),
        "PASSWORD": query.pop("password", None) or unquote(parts.password or ""),
        "HOST": query.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": query.pop("port", None) or str(port or ""),
        "OPTIONS": query,
    }


def broker(url: str) -> str:
    """The address as Celery's transport spells it: sockets are redis+socket://."""
    scheme = urlsplit(url).scheme
    if scheme == "unix":
        return "redis+socket" + url.removeprefix("unix")
    if scheme in ("redis", "rediss", "redis+socket"):
        return url
    raise EnvError("REDIS_URL phải có dạng redis://máy:6379/0 hoặc unix:///đường/dẫn.sock.")
