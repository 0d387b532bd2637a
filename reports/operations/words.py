"""What jobs are called on the screen."""

from __future__ import annotations

from collections.abc import Mapping

JOBS: Mapping[str, str] = {
    "criteria.tasks.check_all_figures": "Giao việc kiểm tra số tổng hợp cho từng tỉnh",
    "criteria.tasks.check_figures": "Kiểm tra số tổng hợp",
    "criteria.tasks.remind_communes": "Nhắc xã gửi số liệu tháng",
    "criteria.tasks.rejudge_version": "Đánh giá lại theo bộ tiêu chí mới",
    "reports.tasks.prepare_stale": "Tìm tỉnh cần lập lại chuỗi số liệu",
    "reports.tasks.prepare_dashboards": "Lập chuỗi số liệu theo tháng",
    "reports.tasks.make_report": "Lập báo cáo tháng",
    "reports.tasks.make_drafts": "Giao việc lập bản nháp báo cáo tháng",
    "reports.tasks.forget_old_runs": "Dọn nhật ký công việc nền quá 30 ngày",
}


def label(name: str) -> str:
    """A job in words; one that has none by its name in the program."""
    return JOBS.get(name, name)
