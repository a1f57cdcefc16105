"""Off-hours: a run waits for them, and a span that is none is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from cleaning.dates import CHINA
from crawler.hours import allowed
from tests.crawler.conftest import Crawl, Loopback, html, report, rows, titled


@pytest.mark.parametrize(
    ("hours", "inside", "outside"),
    [
        ("20-7", [20, 23, 0, 6], [7, 12, 19]),
        ("1-5", [1, 4], [0, 5, 23]),
        ("0-24", [0, 12, 23], []),
        ("22-0", [22, 23], [0, 21]),
    ],
)
def test_spans(hours: str, inside: list[int], outside: list[int]) -> None:
    assert all(allowed(hours, hour) for hour in inside)
    assert not any(allowed(hours, hour) for hour in outside)


@pytest.mark.parametrize("hours", ["night", "20", "20-", "25-7", "20:00-7:00"])
def test_what_is_no_span_is_said(hours: str) -> None:
    with pytest.raises(ValueError, match="must be FROM-TO"):
        allowed(hours, 3)


def test_nothing_is_asked_for_at_other_hours(loopback: Callable[[dict[str, Any]], Loopback], crawl: Crawl) -> None:
    site = loopback({"/": html(rows(("/r.html", titled(2023)))), "/r.html": html(report())})
    crawl.add("jia", site, "/")
    hour = datetime.now(CHINA).hour
    waits = crawl.run("-s", f"OFF_HOURS={(hour + 2) % 24}-{(hour + 3) % 24}", "-s", "CLOSESPIDER_TIMEOUT=4")
    assert "pausing" in waits.stderr
    assert site.visits == []
    assert crawl.run("-s", f"OFF_HOURS={hour}-{(hour + 2) % 24}").returncode == 0
    assert site.paths() == ["/", "/r.html"]
