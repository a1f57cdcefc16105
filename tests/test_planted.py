"""The benchmark of duplicates counts right, and the archive it plants is what it says."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from archive.ids import normalise, source_id
from benchmarks import duplicates
from benchmarks.planted import COPIES, EXCERPTS, Planted, Planting, arrivals

PAGES = 120


@pytest.fixture(scope="module")
def planting() -> Planting:
    return Planting(3)


@pytest.fixture(scope="module")
def planted(planting: Planting) -> list[Planted]:
    return planting.run(PAGES)


def test_what_is_planted(planted: list[Planted], planting: Planting) -> None:
    assert len(planted) == PAGES
    assert planted == Planting(3).run(PAGES)
    assert len({page.url for page in planted}) == PAGES
    assert {page.site for page in planted} <= planting.entries.keys()
    truths = defaultdict(list)
    for page in planted:
        truths[page.truth].append(page.cls)
    bases = [classes for classes in truths.values() if "base" in classes]
    assert len(bases) == 2
    for classes in bases:
        assert {*COPIES, *EXCERPTS} <= set(classes)
        assert not [cls for cls in classes if cls.startswith("N") or cls in ("family", "other")]
    assert all(len(classes) == 1 for classes in truths.values() if "base" not in classes)


def test_arrivals_differ_in_order_and_time_alone(planted: list[Planted]) -> None:
    one, other = (list(arrivals(planted, seed)) for seed in (1, 2))
    assert [capture.url for capture in one] != [capture.url for capture in other]
    assert {capture.url: capture.body for capture in one} == {capture.url: capture.body for capture in other}
    assert {capture.time for capture in one} == {capture.time for capture in other}


def rows(planted: list[Planted], found: dict[str, tuple[str, str]]) -> dict[object, tuple[object, ...]]:
    return {row[0]: tuple(row[1:]) for row in duplicates.scored(planted, found)}


def test_scores(planted: list[Planted]) -> None:
    relations = {**duplicates.RELATIONS, "base": "canonical"}
    perfect = {source_id(normalise(page.url)): (page.truth, relations.get(page.cls, "canonical")) for page in planted}
    found = rows(planted, perfect)
    assert found["P03"] == (2, 2, 2, "1.0000", 2, 0)
    assert found["T2"] == (2, 2, 2, "1.0000", 2, 0)
    assert {row[-1] for row in found.values()} == {0}
    page = next(page for page in planted if page.cls == "T2")
    lost = {name: place for name, place in perfect.items() if name != source_id(normalise(page.url))}
    assert rows(planted, lost)["T2"] == (2, 1, 1, "1.0000", 1, 0)
    copied = {**perfect, source_id(normalise(page.url)): (page.truth, "copy")}
    assert rows(planted, copied)["T2"] == (2, 2, 2, "1.0000", 1, 0)
    mixed = {**perfect, source_id(normalise(page.url)): (planted[-1].truth, "excerpt")}
    assert rows(planted, mixed)["T2"] == (2, 2, 1, "0.5000", 1, 1)
    assert rows(planted, mixed)[planted[-1].cls][-1] == 1


def test_groups() -> None:
    found = {"a": ("x", "canonical"), "b": ("x", "copy"), "c": ("y", "canonical")}
    assert duplicates.groups(found) == {frozenset("ab"), frozenset("c")}


def test_a_tool_that_is_not_installed_is_left_out(planted: list[Planted], monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise ImportError("No module named 'nothing'")

    ours, other = duplicates.DEDUPLICATORS
    monkeypatch.setattr(duplicates, "DEDUPLICATORS", (ours, replace(other, load=missing)))
    (row,) = duplicates.peers([*planted, replace(planted[0], cls="P01", url="http://again.example/")])
    counts = Counter(page.cls in COPIES for page in planted)
    assert row[0] == "exact hash"
    assert float(str(row[2])) >= 1 / (counts[True] + 1)
    assert row[4] == 0


@pytest.mark.slow
def test_an_archive_of_planted_reports(tmp_path: Path, planted: list[Planted], planting: Planting) -> None:
    registry = list(planting.entries.values())
    watch = duplicates.make(tmp_path / "one", arrivals(planted, 1), registry, size=PAGES)
    assert {"cleaning", "assembling"} <= watch.stages.keys()
    found = duplicates.homes(tmp_path / "one")
    assert len(found) == PAGES
    scores = rows(planted, found)
    assert {row[-1] for row in scores.values()} == {0}
    assert sum(int(str(scores[cls][2])) for cls in (*COPIES, *EXCERPTS)) >= 0.9 * 2 * len((*COPIES, *EXCERPTS))
    duplicates.make(tmp_path / "two", arrivals(planted, 2), registry, size=PAGES // 3)
    assert duplicates.groups(duplicates.homes(tmp_path / "two")) == duplicates.groups(found)


@pytest.mark.slow
def test_the_labelled_pairs_are_printed() -> None:
    done = CliRunner().invoke(duplicates.main, ["--reports", "0"])
    assert done.exit_code == 0, done.output
    assert "same: precision 1.0000" in done.output
    assert "|   N09 |    14 | 1.0000 |" in done.output
