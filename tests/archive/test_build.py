"""Building: groups, versions, identity, and the same end state whatever the order, the batches and the kills."""

import fcntl
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import making
import pytest
from making import at, capture, content, fz, make, page, report_at, rows, text

from archive import captures as captures_module
from archive.build import BuildError
from archive.decisions import Decision, DecisionError, append
from archive.raw import RawStore

ROOT = Path(__file__).parents[2]
HOST = "http://www.lin.gov.cn"
REGISTRY = [
    {"id": "lin", "name": "临溪县人民政府", "code": "990001", "home": f"{HOST}/", "netlocs": ["lin.gov.cn"], "expect": {}},
    {"id": "wang", "name": "望海市人民政府", "code": "990000", "home": "http://wang.gov.cn/", "netlocs": ["wang.gov.cn"]},
]


def decide(data, kind, *ids, division=""):
    line = Decision(decision=kind, ids=list(ids), division=division, who="陈一", when=at(9), why="test")
    append(data / "decisions.jsonl", line)


def world():
    """Captures with everything that groups are made of: copies, versions, attachments, other reports at one address, errors."""
    stub = {"text": "附件：报告.docx", "quality_flags": ["attachment_only"]}
    docx = page(7, place="白石乡", issuer=None, title=None, title_source=None, published_date=None, source_format="docx")
    return [
        capture(f"{HOST}/a.html", page(1), day=3, site="lin"),
        capture("http://wang.gov.cn/copy.html", page(1, title="转发：青川镇报告"), day=2, site="wang"),
        capture("http://other.gov.cn/copy.html", page(1, issuer=None), day=1),
        capture("http://other.gov.cn/2022.html", page(1, report_year=2022), day=1),
        capture(f"{HOST}/changed.html", page(2, place="云渡镇"), day=1),
        capture(f"{HOST}/changed.html", page(3, place="云渡镇"), day=4),
        capture("https://lin.gov.cn/changed.html?spm=1", page(2, place="云渡镇"), day=2),
        capture(f"{HOST}/yearly.html", page(4, place="松涛街道", year=2021), day=1),
        capture(f"{HOST}/yearly.html", page(5, place="松涛街道", year=2022), day=5),
        capture("http://mirror.gov.cn/yearly.html", page(5, place="松涛街道", year=2022), day=6),
        capture(f"{HOST}/stub.html", page(6, place="白石乡", attachments=["/f/报告.docx", "/f/表.xls"], **stub), day=2),
        capture(f"{HOST}/f/报告.docx", docx, day=2, hour=1, role="attachment", via=f"{HOST}/stub.html", link_text="报告.docx"),
        capture(f"{HOST}/f/表.xls", page(genre="unsupported_format", text=""), day=2, hour=2, role="attachment"),
        capture("http://wang.gov.cn/inline.html", page(7, place="白石乡"), day=1),
        capture(f"{HOST}/empty.html", page(8, attachments=["/f/gone.pdf"], **stub), day=1),
        capture(f"{HOST}/plan.html", page(9, genre="plan"), day=1),
        capture(f"{HOST}/gone.html", page(10, place="望海市"), day=1),
        capture(f"{HOST}/gone.html", b"", day=7, status=404),
        capture(f"{HOST}/late.html", page(11, place="临溪县", published_date=None), day=2),
        capture(
            f"{HOST}/late.html", page(11, place="临溪县", published_date=None), day=8, link_date="2024-05-02", link_text="x"
        ),
        capture(f"{HOST}/list.html", page(12), day=1, role="list"),
    ]


def test_groups(tmp_path):
    summary = make(tmp_path, world(), REGISTRY)
    assert (summary.read, summary.reports, summary.new, summary.versions) == (21, 8, 8, 1)
    copied = report_at(tmp_path, f"{HOST}/a.html")
    assert copied["report_id"] == fz("http://other.gov.cn/copy.html")  # the earliest capture
    assert (copied["url"], copied["site"]) == ("http://other.gov.cn/copy.html", "")  # nobody's own host: the earliest
    assert (copied["first_seen"], copied["last_seen"]) == (at(1), at(3))
    assert report_at(tmp_path, "http://other.gov.cn/2022.html")["report_id"] != copied["report_id"]
    relations = rows(tmp_path, "select relation, similarity from sources where report_id = ?", copied["report_id"])
    assert sorted(row["relation"] for row in relations) == ["canonical", "copy", "copy"]
    assert {row["similarity"] for row in relations} == {1.0}
    verdicts = {row["verdict"] for row in rows(tmp_path, "select * from verdicts")}
    assert verdicts == {"same", "similar"}


def test_in_place_change_is_a_version(tmp_path):
    make(tmp_path, world(), REGISTRY)
    report = report_at(tmp_path, f"{HOST}/changed.html")
    assert report["text"] == text(3, "云渡镇")  # the newest is shown
    assert report["report_id"] == fz(f"{HOST}/changed.html")
    versions = rows(tmp_path, "select * from versions where report_id = ? order by n", report["report_id"])
    assert [(v["n"], v["cause"], v["first_seen"], v["last_seen"]) for v in versions] == [
        (1, "first", at(1), at(2)),
        (2, "changed", at(4), at(4)),
    ]
    assert versions[0]["text"] == text(2, "云渡镇")


def test_different_report_at_the_same_address(tmp_path):
    make(tmp_path, world(), REGISTRY)
    first = report_at(tmp_path, f"{HOST}/yearly.html")
    assert (first["report_year"], first["status"], first["withdrawn_on"]) == (2021, "withdrawn", at(5)[:10])
    (second,) = rows(tmp_path, "select * from reports where report_year = 2022 and issuer = '松涛街道人民政府'")
    (payload,) = rows(tmp_path, "select payload_sha256 from sources where source_id = ?", second["report_id"])
    assert second["report_id"] == making.source_id(f"lin.gov.cn/yearly.html#{payload['payload_sha256']}")
    assert second["status"] == "live"
    assert len(rows(tmp_path, "select 1 from sources where report_id = ?", second["report_id"])) == 2


def test_attachment_only_page(tmp_path):
    make(tmp_path, world(), REGISTRY)
    page_id, file_id = fz(f"{HOST}/stub.html"), fz(f"{HOST}/f/报告.docx")
    (row,) = rows(tmp_path, "select * from sources where source_id = ?", file_id)
    assert (row["relation"], row["parent_id"], row["filename"]) == ("attachment", page_id, "报告.docx")
    report = report_at(tmp_path, f"{HOST}/stub.html")
    assert report["report_id"] == fz("http://wang.gov.cn/inline.html")  # the same text stood there a day before
    data = tmp_path / "alone"
    make(data, [one for one in world() if "inline" not in one.url], REGISTRY)
    report = report_at(data, f"{HOST}/stub.html")
    assert report["report_id"] == page_id
    assert (report["text_source_id"], report["source_format"]) == (file_id, "docx")
    assert (report["title"], report["published_date"]) == ("白石乡人民政府2023年法治政府建设情况报告", "2024-03-07")
    assert report["text"] == text(7, "白石乡")
    assert "attachment_only" in json.loads(report["quality_flags"])
    assert report["days_late"] == -24
    refused = {row["url"]: row for row in rows(data, "select * from rejected")}
    assert refused[f"{HOST}/empty.html"]["reason"] == "empty_body"
    assert "gone.pdf: not fetched" in refused[f"{HOST}/empty.html"]["detail"]
    assert refused[f"{HOST}/f/表.xls"]["reason"] == "unsupported_format"
    assert f"{HOST}/stub.html" not in refused
    assert f"{HOST}/list.html" not in refused


def test_canonical_is_the_issuers_own_host(tmp_path):
    body = page(1, place="临溪县", division_code="990001", division_method="text")
    captures = [capture("http://wang.gov.cn/x.html", body, day=1), capture(f"{HOST}/x.html", body, day=2)]
    make(tmp_path, captures, REGISTRY)
    report = report_at(tmp_path, f"{HOST}/x.html")
    assert (report["url"], report["site"], report["report_id"]) == (f"{HOST}/x.html", "lin", fz("http://wang.gov.cn/x.html"))
    sites = {row["id"]: row for row in rows(tmp_path, "select * from sites")}
    assert (sites["lin"]["found"], sites["lin"]["merged"]) == (1, 0)
    assert (sites["wang"]["found"], sites["wang"]["merged"]) == (1, 1)
    assert report["series"] == "990001:人民政府"
    assert report["county"] == "临溪县"  # the registry's home completes the table of divisions
    assert rows(tmp_path, "select * from divisions where code = '990001'") == [
        {"code": "990001", "name": "临溪县", "level": "county", "parent": "990000"}
    ]


@pytest.mark.parametrize("seed", range(4))
def test_any_order_and_any_batches_give_what_a_rebuild_gives(tmp_path, seed):
    dice = random.Random(seed)
    captures = world()
    dice.shuffle(captures)
    data = tmp_path / "data"
    ids: dict[str, int] = {}
    while captures:
        size = dice.randint(1, 6)
        batch, captures = captures[:size], captures[size:]
        make(data, batch, REGISTRY)
        for row in rows(data, "select id, report_id from reports"):
            ids.setdefault(row["report_id"], row["id"])
            assert ids[row["report_id"]] == row["id"]  # an incremental build keeps row numbers
    built = content(data)
    make(data, registry=REGISTRY, again=True)
    assert content(data) == built
    make(tmp_path / "straight", world(), REGISTRY)
    assert settled(data) == settled(tmp_path / "straight")


def test_row_numbers_ascend_by_date_after_a_rebuild(tmp_path):
    captures = world()
    make(tmp_path, captures[:4], REGISTRY)
    make(tmp_path, captures[4:], REGISTRY)
    make(tmp_path, registry=REGISTRY, again=True)
    numbered = rows(tmp_path, "select id, published_date, report_id from reports order by id")
    assert [row["id"] for row in numbered] == list(range(1, len(numbered) + 1))
    order = [(row["published_date"] or "", row["report_id"]) for row in numbered]
    assert order == sorted(order)


def test_nothing_new_changes_nothing(tmp_path):
    make(tmp_path, world(), REGISTRY)
    before = content(tmp_path, ids=True)
    summary = make(tmp_path, registry=REGISTRY)
    assert (summary.read, summary.new) == (0, 0)
    assert content(tmp_path, ids=True) == before
    assert making.files(tmp_path) == [".build.lock", "archive.db", "raw", "work.db"]  # closed, it is one file


def test_a_deleted_work_db_is_made_again(tmp_path):
    make(tmp_path, world()[:9], REGISTRY)
    (tmp_path / "work.db").unlink()
    make(tmp_path, world()[9:], REGISTRY)
    built = content(tmp_path)
    (tmp_path / "work.db").write_bytes(b"no database at all" * 100)
    make(tmp_path, registry=REGISTRY)
    assert content(tmp_path) == built
    make(tmp_path, registry=REGISTRY, again=True)
    assert content(tmp_path) == built


def test_a_raw_index_made_again_in_another_order(tmp_path):
    making.store(tmp_path, world()[10:], run="b")
    make(tmp_path, world()[:10], REGISTRY)
    built = content(tmp_path)
    for path in tmp_path.glob("raw/index.db*"):
        path.unlink()
    make(tmp_path, registry=REGISTRY)
    made = content(tmp_path)
    for said in (built, made):
        del said["crawls"]  # runs stand in the index alone
    assert made == built


def test_sightings_move_last_seen_only(tmp_path):
    make(tmp_path, world(), REGISTRY)
    before = content(tmp_path)
    with RawStore(tmp_path / "raw") as raw:
        raw.sight("https://lin.gov.cn/a.html", "run-1", at(20))
    make(tmp_path, registry=REGISTRY)
    assert report_at(tmp_path, f"{HOST}/a.html")["last_seen"] == at(20)
    after = content(tmp_path)
    assert {name for name in after if after[name] != before[name]} == {"reports", "sources"}
    make(tmp_path, registry=REGISTRY, again=True)
    assert content(tmp_path) == after


def test_gone_and_back(tmp_path):
    make(tmp_path, world(), REGISTRY)
    gone = report_at(tmp_path, f"{HOST}/gone.html")
    assert (gone["status"], gone["withdrawn_on"]) == ("withdrawn", at(7)[:10])
    with RawStore(tmp_path / "raw") as raw:
        raw.sight(f"{HOST}/gone.html", "run-1", at(21))
    make(tmp_path, registry=REGISTRY)
    back = report_at(tmp_path, f"{HOST}/gone.html")
    assert (back["status"], back["withdrawn_on"], back["last_seen"]) == ("live", None, at(21))
    built = content(tmp_path)
    make(tmp_path, registry=REGISTRY, again=True)
    assert content(tmp_path) == built


def test_what_a_revisit_found_gone_is_withdrawn(tmp_path):
    """A redirect to the home page stands in the attempts alone; only a revisit's word counts, and the same as in a rebuild."""
    make(tmp_path, [capture(f"{HOST}/a.html", page(1), day=1), capture(f"{HOST}/b.html", page(2, place="望海市"), day=1)])
    with RawStore(tmp_path / "raw") as raw:
        raw.start_run("run-2", "revisit")
        raw.attempt(f"{HOST}/a.html", site="", run="run-2", reason="soft_404")
        raw.attempt(f"{HOST}/b.html", site="", run="run-1", reason="soft_404")
    make(tmp_path)
    gone = report_at(tmp_path, f"{HOST}/a.html")
    assert (gone["status"], bool(gone["withdrawn_on"]), bool(gone["text"])) == ("withdrawn", True, True)
    assert report_at(tmp_path, f"{HOST}/b.html")["status"] == "live"
    said = content(tmp_path)
    make(tmp_path)
    assert content(tmp_path) == said
    make(tmp_path, again=True)
    assert content(tmp_path) == said
    (tmp_path / "work.db").unlink()
    make(tmp_path, [capture(f"{HOST}/b.html", page(3, place="望海市"), day=9)])
    assert report_at(tmp_path, f"{HOST}/a.html")["status"] == "withdrawn"
    with RawStore(tmp_path / "raw") as raw:
        raw.sight(f"{HOST}/a.html", "run-3", "2099-01-01T00:00:00.000Z")
    make(tmp_path)
    assert report_at(tmp_path, f"{HOST}/a.html")["status"] == "live"


def test_the_payload_that_is_known_is_not_cleaned_again(tmp_path, monkeypatch):
    cleaned = []
    monkeypatch.setattr(captures_module, "clean_task", lambda clean, task: cleaned.append(task.url) or real(clean, task))
    make(tmp_path, [capture(f"{HOST}/a.html", page(1), day=1), capture(f"{HOST}/a.html", page(1), day=2)])
    make(tmp_path, [capture(f"{HOST}/a.html", page(1), day=3)])
    assert cleaned == [f"{HOST}/a.html"]
    make(tmp_path, [capture(f"{HOST}/a.html", page(1), day=3, link_text="with a list's title")])
    assert len(cleaned) == 2  # told more than before


real = captures_module.clean_task


def test_merge_and_unmerge_hold(tmp_path):
    make(tmp_path, world(), REGISTRY)
    a, b = f"{HOST}/late.html", f"{HOST}/changed.html"
    decide(tmp_path, "merge", fz(a), fz(b))
    make(tmp_path, registry=REGISTRY)
    assert report_at(tmp_path, a)["report_id"] == report_at(tmp_path, b)["report_id"] == fz(b)
    (row,) = rows(tmp_path, "select * from verdicts where decided_by = '陈一'")
    assert (row["verdict"], row["exact"]) == ("same", 0)
    merged = content(tmp_path)
    make(tmp_path, registry=REGISTRY, again=True)
    assert content(tmp_path) == merged
    decide(tmp_path, "unmerge", fz(b), fz(a))
    copy = "http://wang.gov.cn/copy.html"
    decide(tmp_path, "unmerge", fz(f"{HOST}/a.html"), fz(copy))
    make(tmp_path, registry=REGISTRY)
    assert report_at(tmp_path, a)["report_id"] == fz(a)
    assert report_at(tmp_path, f"{HOST}/a.html")["report_id"] != report_at(tmp_path, copy)["report_id"]
    parted = content(tmp_path)
    make(tmp_path, registry=REGISTRY, again=True)
    assert content(tmp_path) == parted
    (tmp_path / "decisions.jsonl").write_text("")  # taken back by hand
    make(tmp_path, registry=REGISTRY)
    taken_back = content(tmp_path)
    make(tmp_path, registry=REGISTRY, again=True)
    assert content(tmp_path) == taken_back


def test_division_holds(tmp_path):
    make(tmp_path, world(), REGISTRY)
    decide(tmp_path, "division", fz("http://wang.gov.cn/copy.html"), division="330702")
    for again in (False, True):
        make(tmp_path, registry=REGISTRY, again=again)
        report = report_at(tmp_path, f"{HOST}/a.html")
        assert (report["division_code"], report["division_method"], report["level"]) == ("330702", "manual", "county")
        assert (report["province"], report["prefecture"], report["county"]) == ("浙江省", "金华市", "婺城区")


def test_removal_holds(tmp_path):
    make(tmp_path, world(), REGISTRY)
    url = f"{HOST}/changed.html"
    row = report_at(tmp_path, url)["id"]
    decide(tmp_path, "remove", fz(url))
    for again in (False, True):
        make(tmp_path, registry=REGISTRY, again=again)
        report = report_at(tmp_path, url)
        assert (report["status"], report["text"], report["char_count"]) == ("removed", "", 0)
        if not again:
            assert report["id"] == row
        for table in ("versions", "sections", "indicators"):
            assert rows(tmp_path, f"select * from {table} where report_id = ?", report["report_id"]) == []
        assert fz(url) not in {name for name, *_ in content(tmp_path)["index"]}
        file = (tmp_path / "archive.db").read_bytes()
        assert text(1).split("\n")[2].encode()[:60] in file
        assert text(3, "云渡镇").split("\n")[2].encode()[:60] not in file  # nor in pages that are free now


def test_a_bad_line_of_decisions_is_named(tmp_path):
    make(tmp_path, world()[:2], REGISTRY)
    decide(tmp_path, "remove", fz(f"{HOST}/a.html"))
    with (tmp_path / "decisions.jsonl").open("a") as stream:
        stream.write('{"decision": "forget"}\n')
    with pytest.raises(DecisionError, match=r"decisions.jsonl line 2"):
        make(tmp_path, registry=REGISTRY)


def test_one_builder_at_a_time(tmp_path):
    make(tmp_path, world()[:2], REGISTRY)
    with (tmp_path / ".build.lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        with pytest.raises(BuildError, match="another build is running"):
            make(tmp_path, registry=REGISTRY)


def test_a_damaged_archive(tmp_path):
    make(tmp_path, world(), REGISTRY)
    built = content(tmp_path)
    (tmp_path / "archive.db").write_bytes(b"junk" * 4000)
    with pytest.raises(BuildError, match="run fazhi rebuild"):
        make(tmp_path, registry=REGISTRY)
    make(tmp_path, registry=REGISTRY, again=True)
    assert content(tmp_path) == built


def test_what_the_cleaner_cannot_do_is_counted(tmp_path):
    captures = [capture(f"{HOST}/a.html", page(1)), capture(f"{HOST}/b.html", b"not what the stub reads")]
    make(tmp_path, captures)
    (row,) = rows(tmp_path, "select * from rejected")
    assert (row["url"], row["reason"]) == (f"{HOST}/b.html", "unreadable")
    assert "JSONDecodeError" in row["detail"]


@pytest.mark.slow
def test_several_processes_do_what_one_does(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parent))  # so that the workers can import `making`
    monkeypatch.setattr(captures_module, "LEAST_A_PROCESS", 1)
    make(tmp_path / "one", world(), REGISTRY)
    making.store(tmp_path / "two", world())
    making.build(tmp_path / "two", REGISTRY, clean=making.clean, jobs=2)
    assert settled(tmp_path / "two") == settled(tmp_path / "one")
    poisoned = [capture(f"{HOST}/{n}.html", page(n, year=1990 + n, title="poison" if n == 3 else "x")) for n in range(20, 24)]
    poisoned.append(capture(f"{HOST}/bad.html", page(3, title="poison")))
    making.store(tmp_path / "two", poisoned, run="run-2")
    summary = making.build(tmp_path / "two", REGISTRY, clean=making.clean_or_die, jobs=2)
    assert (summary.new, dict(summary.rejected)) == (4, {"unreadable": 1})
    (row,) = rows(tmp_path / "two", "select * from rejected where url = ?", f"{HOST}/bad.html")
    assert row["detail"] == "cleaning it killed the process"


def test_a_lost_warc_file_is_an_error_and_nothing_is_lost(tmp_path):
    make(tmp_path, [capture(f"{HOST}/a.html", page(1))])
    before = content(tmp_path)
    (file,) = tmp_path.glob("raw/*.warc.gz")
    file.rename(tmp_path / file.name)
    with pytest.raises(BuildError, match=f"{file.name}.*put them back"):
        make(tmp_path, again=True)
    assert content(tmp_path) == before
    (tmp_path / file.name).rename(file)
    make(tmp_path, again=True)
    assert content(tmp_path) == before


SLOW = """
import sys, time
sys.path[:0] = [{root!r}, {here!r}]
import making
from pathlib import Path
from test_build import REGISTRY
real = making.clean
def slow(*args, **kwargs):
    time.sleep(0.01)
    return real(*args, **kwargs)
import archive.publish as publish
settle = publish.Archive._settle
def slowly(self, report_id):
    time.sleep(0.01)
    return settle(self, report_id)
publish.Archive._settle = slowly
print("begin", flush=True)
making.build(Path({data!r}), REGISTRY, clean=slow, jobs=1, again={again})
print("end", flush=True)
"""


def killed(data, again, seconds):
    """Start a slow build and kill it after that time."""
    script = SLOW.format(root=str(ROOT), here=str(Path(__file__).parent), data=str(data), again=again)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "begin\n"
        time.sleep(seconds)
        os.kill(process.pid, signal.SIGKILL)


def test_what_a_killed_rebuild_left_goes(tmp_path):
    make(tmp_path, world(), REGISTRY)
    (tmp_path / "archive.new.db").write_bytes(b"half")
    make(tmp_path, registry=REGISTRY)
    assert not (tmp_path / "archive.new.db").exists()


def settled(data):
    """What an archive says, but for the times of the runs themselves."""
    return {name: said for name, said in content(data, places=False).items() if name != "crawls"}


@pytest.mark.slow
def test_kill_9_and_again(tmp_path, monkeypatch):
    monkeypatch.setattr(captures_module, "BATCH", 10)
    make(tmp_path / "whole", world(), REGISTRY)
    whole = settled(tmp_path / "whole")
    for again in (False, True):
        for seconds in (0.02, 0.15, 0.3, 0.4):
            data = tmp_path / f"{again}-{seconds}"
            make(data, world()[:8], REGISTRY)
            making.store(data, world()[8:], run="run-1")
            killed(data, again, seconds)
            with closing(sqlite3.connect(data / "archive.db")) as db:
                assert db.execute("pragma integrity_check").fetchone() == ("ok",)
                assert db.execute("select count(*) from reports").fetchone()[0] >= 4  # never less than there was
            make(data, registry=REGISTRY)
            assert settled(data) == whole


def test_the_home_of_the_site_tells_what_is_above_a_town_that_no_table_knows(tmp_path):
    sites = [
        {"id": "yunxi", "name": "云溪市人民政府", "code": "339800", "home": "http://yunxi.example/"},
        {"id": "qinghe", "name": "青禾县人民政府", "code": "339821", "home": "http://qinghe.example/"},
    ]
    town = {"province": "浙江省", "county": "青禾县", "township": "竹坞镇"}
    make(
        tmp_path,
        [capture("http://qinghe.example/a.html", page(1, place="竹坞镇", division_method=None, **town), site="qinghe")],
        sites,
    )
    (row,) = rows(tmp_path, "select province, prefecture, county, township from reports")
    assert row == {**town, "prefecture": "云溪市"}
