"""Duplicates through a whole build: copies, excerpts, versions and look-alikes, in any order of arrival, and undone by people."""

import random
import shutil
from dataclasses import replace

import pytest
from making import at, capture, fz, make, page, report, report_at, rows, store

from archive.decisions import Decision, append

TOWNS = ("青川", "白石", "云渡", "松涛")


def paper(url, town, year=2023, *, text=None, day=1, named=True, known=True, **given):
    """Return a capture of a page with a report of a town."""
    values = {"text": text or report(town, year), "place": f"{town}镇", "year": year} | given
    if not named:
        values["issuer"] = None
    body = page(1, **values) if known else page(1, **values, report_year=None)
    return capture(url, body, day=day)


def world():
    """Return captures of four sibling towns over two years, with copies, excerpts and revised texts at other places."""
    found = []
    for n, town in enumerate(TOWNS):
        for year in (2022, 2023):
            own = f"http://t{n}.gov.cn/{year}"
            text = report(town, year)
            found += [
                paper(f"{own}/own.html", town, year, day=10 + n),
                paper(
                    f"http://portal.gov.cn/{n}/{year}/copy.html",
                    town,
                    year,
                    text=text.replace("效果良好", "效果较好", 1),
                    day=3 + n,
                ),
                paper(
                    f"http://portal.gov.cn/{n}/{year}/nameless.html",
                    town,
                    year,
                    text=f"转载\n{text}\n扫一扫",
                    day=5,
                    named=False,
                ),
                paper(f"http://news.example.com/{n}/{year}.html", town, year, text=text[:700], day=2, named=False),
                paper(
                    f"{own}/revised.html",
                    town,
                    year,
                    text=report(town, year, numbers=4),
                    day=40,
                    published_date=f"{year + 1}-06-01",
                ),
            ]
    return found


def groups(data):
    """Return the sources of each report, as a set of sets."""
    found = {}
    for row in rows(data, "select report_id, url from sources"):
        found.setdefault(row["report_id"], set()).add(row["url"])
    return {frozenset(urls) for urls in found.values()}


def test_one_report_with_its_copies_excerpts_and_versions(tmp_path):
    make(tmp_path, world())
    assert len(groups(tmp_path)) == 8
    assert all(len(urls) == 5 for urls in groups(tmp_path))
    found = report_at(tmp_path, "http://t1.gov.cn/2023/own.html")
    assert found["report_id"] == fz("http://news.example.com/1/2023.html")  # of the earliest capture
    relations = {
        row["url"].rpartition("/")[2]: row
        for row in rows(tmp_path, "select * from sources where report_id = ?", found["report_id"])
    }
    assert {name: row["relation"] for name, row in relations.items()} == {
        "own.html": "version", "copy.html": "version", "nameless.html": "version", "2023.html": "excerpt", "revised.html": "canonical",
    }  # fmt: skip
    assert relations["2023.html"]["similarity"] < 0.5
    assert found["text"] == report("白石", 2023, numbers=4)  # the newest is shown
    texts = [
        row["text"] for row in rows(tmp_path, "select text from versions where report_id = ? order by n", found["report_id"])
    ]
    assert report("白石", 2023) in texts  # and the older one is kept
    verdicts = {row["verdict"] for row in rows(tmp_path, "select verdict from verdicts")}
    assert verdicts == {"same", "excerpt", "version", "similar"}
    for row in rows(tmp_path, "select * from verdicts"):
        assert 0 <= row["containment"] <= 1
        assert row["rule_version"]
        assert row["decided_by"] == "rule"


def test_every_source_leads_to_one_report_and_look_alikes_stay_apart(tmp_path):
    make(tmp_path, world())
    reports = {row["report_id"] for row in rows(tmp_path, "select report_id from reports")}
    of = {row["source_id"]: row["report_id"] for row in rows(tmp_path, "select source_id, report_id from sources")}
    assert set(of.values()) == reports
    for row in rows(tmp_path, "select * from verdicts where verdict = 'similar'"):
        assert of[row["source_a"]] != of[row["source_b"]]
    for row in rows(tmp_path, "select * from verdicts where verdict in ('same', 'excerpt', 'version')"):
        assert of[row["source_a"]] == of[row["source_b"]]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_same_groups_in_any_order_of_arrival(tmp_path, seed):
    """Other order, other times, and a few at a time."""
    make(tmp_path / "one", world())
    shuffled = world()
    dice = random.Random(seed)
    dice.shuffle(shuffled)
    shuffled = [replace(one, time=at(dice.randint(1, 200))) for one in shuffled]
    for start in range(0, len(shuffled), 13):
        store(tmp_path / "two", shuffled[start : start + 13], run=f"run-{start:03}")
        make(tmp_path / "two")
    assert groups(tmp_path / "two") == groups(tmp_path / "one")
    for row in rows(tmp_path / "two", "select report_id, first_seen from reports"):
        first = rows(
            tmp_path / "two",
            "select source_id from sources where report_id = ? order by first_seen, url limit 1",
            row["report_id"],
        )
        assert first == [{"source_id": row["report_id"]}]


def content(data):
    """Return what a build writes, without row numbers."""
    tables = {
        "sources": "*",
        "verdicts": "*",
        "reuse": "*",
        "versions": "*",
        "reports": "report_id, text, url, first_seen, status",
    }
    return {table: sorted(map(str, rows(data, f"select {columns} from {table}"))) for table, columns in tables.items()}


@pytest.mark.parametrize("seed", [1, 2])
def test_piece_by_piece_is_as_at_once(tmp_path, seed):
    captures = world()
    random.Random(seed).shuffle(captures)
    for start in range(0, len(captures), 9):
        store(tmp_path, captures[start : start + 9], run=f"run-{start:03}")
        make(tmp_path)
    built = content(tmp_path)
    make(tmp_path, again=True)
    assert content(tmp_path) == built
    shutil.copytree(tmp_path / "raw", tmp_path / "other" / "raw")
    make(tmp_path / "other")
    assert content(tmp_path / "other") == built


def test_people_undo_what_the_rule_did(tmp_path):
    make(tmp_path, world())
    own, excerpt = (fz(url) for url in ("http://t1.gov.cn/2023/own.html", "http://news.example.com/1/2023.html"))
    revised = fz("http://t1.gov.cn/2023/revised.html")
    decided = {"who": "somebody", "when": at(300), "why": "looked at both"}
    append(tmp_path / "decisions.jsonl", Decision(decision="unmerge", ids=[own, excerpt], **decided))
    append(tmp_path / "decisions.jsonl", Decision(decision="unmerge", ids=[own, revised], **decided))
    for again in (False, True):
        make(tmp_path, again=again)
        of = {row["source_id"]: row["report_id"] for row in rows(tmp_path, "select source_id, report_id from sources")}
        assert of[own] != of[excerpt]
        assert of[own] != of[revised]
        verdicts = rows(tmp_path, "select * from verdicts where decided_by = 'somebody'")
        assert {row["verdict"] for row in verdicts} == {"different"}
        assert all(row["containment"] is not None for row in verdicts)
    append(tmp_path / "decisions.jsonl", Decision(decision="merge", ids=[own, excerpt], **decided))
    make(tmp_path)
    of = {row["source_id"]: row["report_id"] for row in rows(tmp_path, "select source_id, report_id from sources")}
    assert of[own] == of[excerpt]


def text_of(data, url):
    return report_at(data, url)["text"]


def test_a_removed_report_stays_removed_when_its_sources_are_parted(tmp_path):
    make(tmp_path, world())
    own, revised = (f"http://t1.gov.cn/2023/{name}.html" for name in ("own", "revised"))
    decided = {"who": "somebody", "when": at(300), "why": "asked"}
    sources = [
        row["source_id"]
        for row in rows(tmp_path, "select source_id from sources where report_id = ?", report_at(tmp_path, own)["report_id"])
    ]
    append(tmp_path / "decisions.jsonl", Decision(decision="remove", ids=sources, **decided))
    append(tmp_path / "decisions.jsonl", Decision(decision="unmerge", ids=[fz(own), fz(revised)], **decided))
    for again in (False, True):
        make(tmp_path, again=again)
        assert text_of(tmp_path, own) == text_of(tmp_path, revised) == ""
        assert not [
            row for row in rows(tmp_path, "select text from versions") if "白石镇" in row["text"] and "2023年，" in row["text"]
        ]


def test_people_merge_whole_reports_whatever_their_keys(tmp_path):
    make(tmp_path, world())
    first, second = (report_at(tmp_path, f"http://t1.gov.cn/{year}/own.html")["report_id"] for year in (2022, 2023))
    decided = {"who": "somebody", "when": at(300), "why": "one report, the year was misprinted"}
    append(tmp_path / "decisions.jsonl", Decision(decision="merge", ids=[first, second], **decided))
    for again in (False, True):
        make(tmp_path, again=again)
        assert len(groups(tmp_path)) == 7
        assert max(map(len, groups(tmp_path))) == 10
    built = content(tmp_path)
    append(tmp_path / "decisions.jsonl", Decision(decision="unmerge", ids=[first, second], **decided))
    make(tmp_path)
    assert len(groups(tmp_path)) == 8
    parted = content(tmp_path)
    make(tmp_path, again=True)
    assert content(tmp_path) == parted != built
