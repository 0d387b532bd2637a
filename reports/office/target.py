"""The database that a backup is to be restored into: may it be overwritten, and by us?"""

from __future__ import annotations

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from communes.vietnamese import format_number
from reports.office import content, evidence
from reports.office.archive import Archive

# A bare migration fills these.
ALWAYS_FILLED = frozenset({"django_migrations", "django_content_type", "auth_permission"})
OUR_PREFIXES = ("communes_", "criteria_", "reports_", "auth_", "django_")


class RestoreRefused(Exception):
    """Nothing was touched; the message says why and what to do."""


def check(archive: Archive, *, replace: bool, confirmed_database: str) -> None:
    """Raise RestoreRefused unless the database may be overwritten by the archive."""
    _refuse_newer(archive)
    _refuse_foreign_tables()
    _refuse_without_ownership()
    _refuse_data(archive, replace=replace, confirmed_database=confirmed_database)
    _refuse_other_connections()


def _refuse_newer(archive: Archive) -> None:
    known = MigrationLoader(None).disk_migrations
    unknown = [
        f"{app}.{name}" for app, name in archive.manifest["migrations"] if (app, name) not in known
    ]
    if unknown:
        raise RestoreRefused(
            f"Tệp do phiên bản {archive.manifest['program_version']} tạo, mới hơn chương trình"
            f" này (chưa có {unknown[0]}); hãy nâng cấp chương trình rồi khôi phục."
        )


def _refuse_foreign_tables() -> None:
    foreign = [name for name in _tables() if not name.startswith(OUR_PREFIXES)]
    if foreign:
        raise RestoreRefused(
            f"Cơ sở dữ liệu “{_database()}” còn bảng của chương trình khác ({foreign[0]});"
            " hãy dùng một cơ sở dữ liệu riêng."
        )


def _refuse_without_ownership() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT has_database_privilege(current_database(), 'CREATE')
                   AND coalesce((SELECT pg_has_role(nspowner, 'USAGE')
                                   FROM pg_namespace WHERE nspname = 'public'), true),
                   current_user
            """
        )
        allowed, user = cursor.fetchone()
    if not allowed:
        raise RestoreRefused(
            f"Tài khoản “{user}” không phải là chủ cơ sở dữ liệu “{_database()}”; hãy khôi phục"
            " bằng tài khoản chủ (DATABASE_URL của bước chuẩn bị cơ sở dữ liệu)."
        )


def _refuse_data(archive: Archive, *, replace: bool, confirmed_database: str) -> None:
    filled = {
        name: count
        for name, count in content.row_counts(_tables()).items()
        if count and name not in ALWAYS_FILLED
    }
    other_files = evidence.different(archive)
    if not filled and not other_files:
        return
    if replace and confirmed_database == _database():
        return
    what = f"{format_number(sum(filled.values()))} dòng trong {len(filled)} bảng"
    if last := _last_change(filled):
        what += f", lần ghi cuối {last}"
    if other_files:
        what += f", {len(other_files)} tệp minh chứng khác nội dung"
    raise RestoreRefused(
        f"Cơ sở dữ liệu “{_database()}” đang có số liệu ({what}).\n"
        "CẢNH BÁO: khôi phục đè lên sẽ XOÁ TOÀN BỘ số liệu đang có, không lấy lại được. Hãy sao"
        " lưu trước; nếu chắc chắn, chạy lại với --replace --confirm-database"
        f" {_database()}"
    )


def _refuse_other_connections() -> None:
    """A site that goes on working would wait for us, then answer from what it remembers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
        )
        (others,) = cursor.fetchone()
    if others:
        raise RestoreRefused(
            f"Còn {others} kết nối khác đang mở tới cơ sở dữ liệu “{_database()}”; hãy dừng web,"
            " worker, beat và các công cụ khác rồi chạy lại."
        )


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        return sorted(connection.introspection.table_names(cursor))


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _last_change(filled: dict[str, int]) -> str:
    if "communes_change" not in filled:
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(at) FROM communes_change")
        (at,) = cursor.fetchone()
    return timezone.localtime(at).strftime("%H:%M %d/%m/%Y")
