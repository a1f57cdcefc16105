"""How sites do: the status is loud and right."""

from contextlib import closing

import pytest
from making import at, capture, make, page, rows, store

from archive.raw import RawStore
from archive.read import open_archive, site_summaries

HOST = "http://lin.gov.cn"


def entry(**given):
    return [{"id": "lin", "name": "临溪县人民政府", "code": "990001", "home": f"{HOST}/", "netlocs": ["lin.gov.cn"], **given}]


def visit(data, attempts=(), pages=1, lists=1, run="run-1", day=1):
    given = {"site": "lin", "run": run, "day": day}
    captures = [capture(f"{HOST}/list{n}.html", b"list", role="list", **given) for n in range(lists)]
    captures += [capture(f"{HOST}/{run}-{n}.html", page(n, year=2020 + n), **given) for n in range(pages)]
    store(data, captures, run=run)
    with RawStore(data / "raw") as raw:
        for url, reason in attempts:
            raw.attempt(url, site="lin", run=run, reason=reason, detail="why")
        raw.db.execute("update attempts set time = ? where run = ?", (at(day), run))


def judged(data, **given):
    make(data, registry=entry(**given))
    (row,) = rows(data, "select * from sites")
    return row["status"], row["reason"]


@pytest.mark.parametrize(
    ("attempts", "pages", "lists", "expect", "judgement"),
    [
        ([], 2, 1, 2, ("ok", "")),
        ([], 2, 1, 3, ("partial", "too_few")),
        ([], 0, 1, 1, ("failing", "too_few")),
        ([(f"{HOST}/a", "http_404")], 2, 1, 2, ("partial", "http_404")),
        ([(f"{HOST}/a", "robots_disallowed")], 2, 1, 2, ("partial", "robots_disallowed")),
        ([(f"{HOST}/list0.html", "list_trap")], 2, 1, 2, ("partial", "list_trap")),
        ([(f"{HOST}/list0.html", "challenge_412"), (f"{HOST}/", "challenge_412")], 0, 1, 1, ("blocked", "challenge_412")),
        ([(f"{HOST}/list0.html", "timeout")], 0, 0, 1, ("failing", "timeout")),
        ([(f"{HOST}/", "moved")], 2, 1, 2, ("moved", "moved")),
        ([(f"{HOST}/a", "http_404"), (f"{HOST}/b", "timeout"), (f"{HOST}/c", "timeout")], 2, 1, 2, ("partial", "timeout")),
    ],
)
def test_status(tmp_path, attempts, pages, lists, expect, judgement):
    visit(tmp_path, attempts, pages, lists)
    assert judged(tmp_path, expect={"min_reports": expect}) == judgement


def test_no_report_is_not_ok_where_nothing_is_expected(tmp_path):
    visit(tmp_path, pages=0)
    assert judged(tmp_path, expect={}) == ("failing", "too_few")
    assert judged(tmp_path, expect={"min_reports": 0}) == ("ok", "")


def test_never_visited_and_imports_visit_nothing(tmp_path):
    with RawStore(tmp_path / "raw") as raw:
        raw.start_run("import-1", "import")
    store(tmp_path, [capture(f"{HOST}/a.html", page(1), site="lin", run="import-1", role="")])
    with RawStore(tmp_path / "raw") as raw:
        raw.db.execute("update runs set spider = 'import'")
    assert judged(tmp_path) == ("never", "")
    (row,) = rows(tmp_path, "select * from sites")
    assert (row["found"], row["last_checked"]) == (1, None)


def test_the_newest_run_counts(tmp_path):
    visit(tmp_path, [(f"{HOST}/list0.html", "timeout")], pages=0, lists=0, run="run-1")
    assert judged(tmp_path) == ("failing", "timeout")
    visit(tmp_path, pages=2, run="run-2", day=2)
    assert judged(tmp_path) == ("ok", "")
    (row,) = rows(tmp_path, "select * from sites")
    assert (row["blocked"], row["found"], row["expected"]) == (0, 2, 0)


def test_summaries(tmp_path):
    host = [(f"{HOST}/list0.html", "challenge_412"), (f"{HOST}/x", "challenge_412"), (f"{HOST}/soft.html", "soft_404")]
    visit(tmp_path, [*host, (f"{HOST}/y", "http_404"), (f"{HOST}/y", "http_404")])
    store(tmp_path, [capture(f"{HOST}/soft.html", page(genre="soft_404"), site="lin")])
    make(tmp_path, registry=entry())
    with closing(open_archive(tmp_path / "archive.db")) as db:
        (summary,) = site_summaries(db)
    assert summary.blocked == {"challenge_412": 1, "http_404": 1}  # once for the host; once for an address
    assert summary.rejected == {"soft_404": 1}
    assert "found 1, merged 0, rejected 1 (soft_404 1), blocked 2 (challenge_412 1, http_404 1)" in str(summary)


def test_registry_is_remembered(tmp_path):
    visit(tmp_path)
    with RawStore(tmp_path / "raw") as raw:
        raw.remember_site({**entry()[0], "dialect": "hanweb"})
    make(tmp_path)
    (row,) = rows(tmp_path, "select * from sites")
    assert (row["id"], row["dialect"], row["status"]) == ("lin", "hanweb", "ok")


def test_error_pages_are_why_reports_are_missing(tmp_path):
    """They count as rejected, not as blocked, but the site's reason is theirs."""
    visit(tmp_path, [(f"{HOST}/soft.html", "soft_404")], pages=1)
    store(tmp_path, [capture(f"{HOST}/soft.html", page(genre="soft_404"), site="lin")])
    assert judged(tmp_path, expect={"min_reports": 3}) == ("partial", "soft_404")
    assert judged(tmp_path, expect={"min_reports": 1}) == ("ok", "")
