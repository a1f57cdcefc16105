"""What a build says it changed."""

from collections import Counter

from archive.summary import Counts, Summary


def counts(**reports: int) -> Counts:
    return {"reports": Counter(reports), "versions": Counter(), "merged": Counter(), "rejected": Counter()}


def test_a_removed_report_is_no_new_one() -> None:
    summary = Summary().compare(counts(live=3), counts(live=2, removed=1))
    assert (summary.new, summary.reports, summary.removed) == (0, 3, 1)


def test_new_reports_are_counted_from_nothing_and_from_something() -> None:
    assert Summary().compare({}, counts(live=2)).new == 2
    assert Summary().compare(counts(live=2), counts(live=5, withdrawn=1)).new == 4
