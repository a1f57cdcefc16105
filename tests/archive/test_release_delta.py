"""Deltas: every operation with its cause, and that a delta applied to the old release gives the new one."""

import functools
import gzip
import json
from collections import Counter

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import capture, clean, fz, make, rows, store
from releasing import (
    CAPTURES,
    CITY,
    COUNTY,
    REGISTRY,
    REMOVED,
    archive,
    county,
    decided,
    dump,
    few_divisions,
    lines,
    reports,
    seal,
)

from archive.build import build
from archive.release_check import check_release
from archive.release_delta import (
    CHANGING,
    applied,
    check_deltas,
    delta_file,
    differences,
    read_delta,
    record,
    units,
    write_deltas,
)
from archive.release_parts import PARTS
from archive.release_read import Held, ReleaseError, read_rows

OTHER = COUNTY.format("other")


@pytest.fixture(autouse=True)
def quick():
    """Builds that write a handful of divisions."""
    with few_divisions():
        yield


def better(body, **told):
    """Clean as `clean`, by rules that found out more: a footer is dropped, and a page that says so is no report."""
    document = clean(body.replace("\\n扫一扫在手机打开".encode(), b""), **told)
    if "其实是一份方案" in document.text:
        document.genre, document.genre_detail = "plan", "方案"
    document.cleaner_version = "next"
    return document


def careless(body, **told):
    """Clean as `clean`, by rules that miss a report."""
    document = clean(body, **told)
    if "迟认出的报告" in document.text:
        document.genre, document.genre_detail = "notice", "通知"
    return document


def step(data, captures=(), *, again=False, rules=clean):
    """Bring an archive on to its next state, and write its next release."""
    if captures:
        make(data, captures, REGISTRY)
    build(data, REGISTRY, clean=rules, jobs=1, again=again)
    return dump(data)


def records(folder, index):
    """Return the records of the reports' delta by report_id."""
    found = lines(delta_file(folder, index["previous"], index["version"], "reports"))
    assert len({one["report_id"] for one in found if one["op"] != "rekey"}) == sum(one["op"] != "rekey" for one in found)
    return {one.get("old_id", one["report_id"]): one for one in found}


def good(folder, old):
    """The delta gives the new release, as our own check and as a reader who knows the docs' ten lines finds."""
    assert check_deltas(old, folder) == []
    assert check_release(folder) == []
    held = reports(old)
    (path,) = folder.glob("delta/*.jsonl.gz")
    for one in lines(path):
        if one["op"] == "remove":
            del held[one["report_id"]]
        else:
            moved = held.pop(one["old_id"]) if one["op"] == "rekey" else {}
            held[one["report_id"]] = {**(held.get(one["report_id"]) or moved), **one["values"], "report_id": one["report_id"]}
    assert held == reports(folder)
    return True


@pytest.fixture
def start(tmp_path):
    """An archive with a footer that the rules leave in one report, a plan among the reports, and its first release."""
    more = [
        capture(COUNTY.format("footer"), county(6, 2021, text="2021年，临溪县落实法治建设各项部署。\n扫一扫在手机打开"), day=4),
        capture(COUNTY.format("doubt"), county(7, 2020, text="2020年，临溪县法治建设工作。\n其实是一份方案。"), day=4),
    ]
    data = archive(tmp_path / "data", [*CAPTURES, *more])
    return data, *dump(data)


def test_nothing_changed_nothing_written(start):
    data, old, index = start
    assert (index["previous"], (old / "delta").exists()) == (None, False)
    assert dump(data)[0] == old


def test_the_world_changed(start):
    """A new report, a new text at its address, a report gone, a page seen again: all of it is `source`."""
    data, old, _ = start
    late = [
        capture(COUNTY.format(2024), county(8, 2024), day=40),
        capture(COUNTY.format(2023), county(9), day=41, site="linxi"),
        capture(CITY.format(2023), b'{"genre": "soft_404", "text": ""}', day=42, status=404, site="wanghai"),
    ]
    new, index = step(data, late)
    assert (index["previous"], index["version"]) == (old.name, "2025.02.0")
    found = records(new, index)
    added, changed, gone = (found[fz(url)] for url in (COUNTY.format(2024), COUNTY.format(2023), CITY.format(2023)))
    assert (added["op"], added["cause"], added["values"]["report_year"]) == ("add", "source", 2024)
    assert added["values"].keys() | {"report_id"} == PARTS["reports"].columns.keys()
    assert (changed["op"], changed["cause"]) == ("change", "source")
    assert {"text", "text_sha256", "last_seen"} <= changed["values"].keys()
    assert "issuer" not in changed["values"]
    assert (gone["op"], gone["cause"], gone["values"]["status"]) == ("change", "source", "withdrawn")
    assert good(new, old)
    log = (new / "CHANGELOG.md").read_text("utf-8")
    assert f"1 added since {old.name} (source 1, parser 0)" in log
    assert log.index("## 2025.02.0") < log.index(f"## {old.name}")


def test_the_rules_changed(start):
    """The same captures, cleaned better: `parser`, also for what is no report any more."""
    data, old, _ = start
    new, index = step(data, again=True, rules=better)
    assert index["version"] == "2025.01.1"
    found = records(new, index)
    assert {one["cause"] for one in found.values()} == {"parser"}
    footer, doubt = found[fz(COUNTY.format("footer"))], found[fz(COUNTY.format("doubt"))]
    assert (footer["op"], footer["values"]["text"]) == ("change", "2021年，临溪县落实法治建设各项部署。")
    assert (doubt["op"], doubt["reason"], "values" in doubt) == ("remove", "plan", False)
    assert "cleaner_version" in found[fz(CITY.format(2023))]["values"]
    assert good(new, old)


def test_rules_that_recognise_a_report(tmp_path):
    late = capture(COUNTY.format(2019), county(5, 2019, text="2019年，临溪县法治建设。\n这是迟认出的报告。"), day=3)
    data = tmp_path / "data"
    store(data, [*CAPTURES, late])
    build(data, REGISTRY, clean=careless, jobs=1, again=True)
    old, _ = dump(data)
    new, index = step(data, again=True)
    (one,) = records(new, index).values()
    assert (one["op"], one["report_id"], one["cause"]) == ("add", fz(COUNTY.format(2019)), "parser")
    assert good(new, old)


def test_removed_on_request(start):
    data, old, _ = start
    decided(data, "remove", [fz(CITY.format(2023))])
    new, index = step(data)
    (one,) = records(new, index).values()
    assert one == {"op": "remove", "report_id": fz(CITY.format(2023)), "cause": "source", "reason": "removed"}
    assert good(new, old)
    told = b"".join(gzip.decompress(path.read_bytes()) for path in (new / "delta").rglob("*.gz"))
    assert fz(CITY.format(2023)).encode() in told
    assert all(sentence.encode() not in told for sentence in reports(old)[fz(CITY.format(2023))]["text"].splitlines())


def test_groups_that_people_merge_and_part(start):
    """What is merged has the earlier one's identifier, in `rekey`; what is parted again is an addition of the same captures."""
    data, old, _ = start
    names = sorted([fz(COUNTY.format(2023)), fz(CITY.format(2023))])
    decided(data, "merge", names)
    new, index = step(data)
    first = rows(data, "select report_id from sources where source_id = ?", names[0])[0]["report_id"]
    second = next(name for name in names if name != first)
    found = records(new, index)
    assert {name: found[second][name] for name in ("op", "report_id", "cause", "values")} == {
        "op": "rekey", "report_id": first, "cause": "parser", "values": {},
    }  # fmt: skip
    assert good(new, old)
    decided(data, "unmerge", names)
    third, index = step(data)
    found = records(third, index)
    assert (found[second]["op"], found[second]["cause"]) == ("add", "parser")
    assert good(third, new)


def test_an_earlier_capture_is_found(start):
    """An old crawl brings the same report from another place, captured before: the report has that place's identifier now."""
    data, old, _ = start
    early = "http://www.archive.example/2023.html"
    new, index = step(data, [capture(early, county(1), day=1)])
    one = records(new, index)[fz(COUNTY.format(2023))]
    assert (one["op"], one["report_id"], one["cause"]) == ("rekey", fz(early), "source")
    assert one["values"]["url"] == COUNTY.format(2023)
    assert good(new, old)


def test_a_chain_of_releases(start):
    data, old, _ = start
    for day in (40, 70, 100):
        new, index = step(data, [capture(COUNTY.format(f"d{day}"), county(day, 2010 + day // 30), day=day)])
        assert index["previous"] == old.name
        assert good(new, old)
        old = new
    assert (old / "CHANGELOG.md").read_text("utf-8").count("\n## ") == 4


def test_a_release_of_other_columns(start, tmp_path):
    """An older release may lack a column, a part, and what `excluded` tells of removed reports: the delta fills them."""
    data, old, _ = start
    path = old / "data/reports/train-00000-of-00001.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["series"]), path)
    (old / "data/versions/train-00000-of-00001.parquet").unlink()
    path = old / "data/excluded/train-00000-of-00001.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["report_id"]), path)
    new, index = step(data, [capture(COUNTY.format(2024), county(8, 2024), day=40)])
    assert check_deltas(old, new) == []
    assert all("series" in one["values"] for one in records(new, index).values())
    written = delta_file(new, old.name, new.name, "versions")
    assert Counter(one["op"] for one in lines(written)) == {"add": index["counts"]["versions"]}


def test_a_delta_that_does_not_fit(start):
    data, old, _ = start
    new, _ = step(data, [capture(COUNTY.format(2023), county(9), day=41)])
    path = delta_file(new, old.name, new.name, "reports")
    (one,) = lines(path)
    one["values"]["title"] = "另一个标题"
    path.write_bytes(gzip.compress(json.dumps(one).encode()))
    seal(new)
    assert check_release(new) == [f"reports: the delta applied to {old.name} does not give {new.name}"]
    path.write_bytes(gzip.compress(json.dumps({**one, "report_id": "fz0"}).encode()))
    seal(new)
    (said,) = check_release(new)
    assert "is of another release" in said
    path.unlink()
    assert "missing" in check_release(new)[0]


def test_it_is_written_the_same_again(start, tmp_path):
    data, old, _ = start
    new, index = step(data, [capture(COUNTY.format(2024), county(8, 2024), day=40)])
    before = {part.name: delta_file(new, old.name, new.name, part.name).read_bytes() for part in CHANGING}
    write_deltas(old, new, index["version"])
    assert before == {part.name: delta_file(new, old.name, new.name, part.name).read_bytes() for part in CHANGING}


def table_of(part):
    """Rows of a part of few values, so that they meet; keys are unique where the part has a key."""
    kinds = {
        str: st.sampled_from(["", "甲", "乙", None]),
        int: st.sampled_from([1, 2, None]),
        float: st.sampled_from([0.5, 2.0, None]),
    }
    key = {
        name: st.sampled_from(["a", "b", "c"]) if told[0] is str else kinds[told[0]]
        for name, told in part.columns.items()
        if name in part.key
    }
    row = st.fixed_dictionaries({name: key.get(name, kinds[told[0]]) for name, told in part.columns.items()})
    order = functools.partial(sorted, key=lambda one: [(one[name] is not None, one[name]) for name in part.order])
    keyed = (lambda one: json.dumps([one[name] for name in part.key])) if part.unique else None
    return st.lists(row, max_size=6, unique_by=keyed).map(order)


@pytest.mark.parametrize(
    "part", [PARTS[name] for name in ("sections", "indicators", "sites", "excluded", "coverage")], ids=lambda part: part.name
)
@given(data=st.data())
def test_differences_applied_to_the_old_rows_give_the_new(part, data):
    old, new = data.draw(table_of(part)), data.draw(table_of(part))
    made = [record(part, *each) for each in differences(part, old, new)]
    assert counted(applied(part, old, json.loads(json.dumps(made)))) == counted(units(part, new))
    assert bool(made) == (counted(units(part, old)) != counted(units(part, new)))


def counted(rows):
    """Rows in any order, of columns in any order."""
    return Counter(json.dumps(row, sort_keys=True) for row in rows)


def test_applied_refuses_what_is_not_there():
    part = PARTS["sites"]
    for one in ({"op": "remove", "id": "x"}, {"op": "change", "id": "x", "values": {}}):
        with pytest.raises(ReleaseError, match=r"no row \{\"id\":\"x\"\}"):
            list(applied(part, [], [one]))


def test_held_counts_equal_rows():
    held = Held([{"a": 1}, {"a": 1}], ["a"])
    assert [held.take({"a": 1}) for _ in range(3)] == [{"a": 1}, {"a": 1}, None]
    held.close()


def test_read_delta_reads_what_was_written(start):
    data, old, _ = start
    new, _ = step(data, [capture(COUNTY.format(2024), county(8, 2024), day=40)])
    path = delta_file(new, old.name, new.name, "sources")
    assert list(read_delta(path)) == lines(path)
    assert {row["url"] for row in read_rows(new, "sources")} >= {COUNTY.format(2024)}
    assert REMOVED not in {row["url"] for row in read_rows(new, "sources")}
