"""The commands as a user meets them: what they print, their exit codes, one line for every mistake."""

import json
import os
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner
from making import rows

from fazhi import main

REPORT = """<html><head><meta charset="utf-8">
<meta name="ArticleTitle" content="青川镇人民政府关于2023年法治政府建设情况的报告">
<meta name="PubDate" content="2024-03-05"></head><body><h1>青川镇人民政府关于2023年法治政府建设情况的报告</h1>
<div class="TRS_Editor">%s</div></body></html>"""
LINES = [
    "2023年，青川镇认真贯彻落实法治政府建设各项部署，依法行政水平稳步提高。现将有关情况报告如下：",
    "一、主要工作开展情况",
    *(
        f"（{n}）全镇开展法治宣传{n * 7}场次，调解矛盾纠纷{n * 31}件，清理证明事项{n}项，群众满意度不断提升，工作取得实效。"
        for n in range(1, 12)
    ),
    "二、存在的问题",
    "执法力量仍显不足，部分干部的法治意识有待加强，普法的针对性还不强，需要继续努力。",
    "三、下一步打算",
    "2024年，青川镇将继续加强法治建设，配齐执法人员，完善制度，把各项工作落到实处。",
]


def write(path, lines=LINES):
    path.write_text(REPORT % "".join(f"<p>{line}</p>" for line in lines), "utf-8")
    return path


@pytest.fixture
def run(tmp_path):
    """Run `fazhi` on a data folder of this test."""

    def run(*arguments, data=tmp_path / "data"):
        return CliRunner().invoke(main, [str(argument) for argument in (*arguments, "--data", data)], catch_exceptions=False)

    return run


def test_import_then_status(run, tmp_path):
    result = run("import", write(tmp_path / "a.html"), "--url", "http://www.lin.gov.cn/a.html")
    assert result.exit_code == 0, result.output
    assert "imported 1 documents, 0 known already" in result.output
    assert "1 new reports" in result.output
    (report,) = rows(tmp_path / "data", "select * from reports")
    assert (report["report_year"], report["published_date"], report["url"]) == (
        2023,
        "2024-03-05",
        "http://www.lin.gov.cn/a.html",
    )
    said = json.loads(run("status", "--json").output)
    assert set(said) == {"reports", "sites", "rejected"}
    assert (said["reports"], said["rejected"]) == (1, {})
    assert all(set(s) == {"id", "name", "status", "reason", "found", "expected", "last_success"} for s in said["sites"])
    assert "1 reports" in run("status").output
    again = run("import", tmp_path / "a.html", "--url", "https://lin.gov.cn/a.html")
    assert "imported 0 documents, 1 known already" in again.output
    assert again.exit_code == 0


def test_bad_files_get_a_line_and_the_rest_goes_on(run, tmp_path):
    good = write(tmp_path / "good.html")
    empty, cut = tmp_path / "empty.html", tmp_path / "cut.docx"
    empty.touch()
    cut.write_bytes(b"PK\x03\x04" + bytes(100))
    result = run("import", empty, cut, tmp_path / "none.html", good)
    assert result.exit_code == 1
    assert "1 new reports" in result.output
    errors = [line for line in result.output.splitlines() if line.startswith("Error: ")]
    assert [error.removeprefix("Error: ").partition(":")[0] for error in errors] == [
        str(empty),
        str(tmp_path / "none.html"),
        str(cut),
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--site", "nowhere-at-all"], "no site 'nowhere-at-all' in the registry"),
        (["--url", "lin.gov.cn/a"], "'lin.gov.cn/a' is no http(s) address"),
        (["--url", "http://lin.gov.cn:x/"], "is no http(s) address"),
    ],
)
def test_bad_options(run, tmp_path, options, said):
    result = run("import", write(tmp_path / "a.html"), *options)
    assert result.exit_code == 1
    assert said in result.output
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", ["build", "rebuild", "status", "remove fz0000000000000000 --reason x"])
def test_nothing_there_yet(run, tmp_path, command):
    result = run(*command.split())
    assert result.exit_code == 1
    assert "nothing here yet: run fazhi crawl or fazhi import" in result.output
    assert not (tmp_path / "data").exists()


def test_a_data_folder_that_cannot_be(run, tmp_path):
    (tmp_path / "file").touch()
    result = run("import", write(tmp_path / "a.html"), data=tmp_path / "file" / "data")
    assert result.exit_code == 1
    assert len([line for line in result.output.splitlines() if line.startswith("Error")]) == 1
    assert str(tmp_path / "file") in result.output


def test_a_damaged_archive(run, tmp_path):
    run("import", write(tmp_path / "a.html"))
    (tmp_path / "data" / "archive.db").write_bytes(os.urandom(9000))
    for command in ("status", "build"):
        result = run(command)
        assert result.exit_code == 1
        assert "damaged" in result.output
        assert "fazhi rebuild" in result.output
    assert run("rebuild").exit_code == 0
    assert run("status").exit_code == 0


def test_remove_and_decide(run, tmp_path):
    run("import", write(tmp_path / "a.html"), write(tmp_path / "b.html", [*LINES[:-1], "2024年将再接再厉，努力做得更好。"]))
    data = tmp_path / "data"
    (first,) = (row["report_id"] for row in rows(data, "select report_id from reports"))
    (second,) = (row["source_id"] for row in rows(data, "select source_id from sources where source_id <> ?", first))
    for decision, reports in (("unmerge", 2), ("merge", 1)):
        assert run("decide", decision, first, second, "--reason", "somebody looked").exit_code == 0
        assert len(rows(data, "select * from reports")) == reports
    assert run("decide", "division", first, "330702", "--reason", "so it is").exit_code == 0
    assert rows(data, "select county from reports") == [{"county": "婺城区"}]
    assert run("decide", "unmerge", first, second, "--reason", "not the same").exit_code == 0
    assert run("remove", first, "--reason", "asked for").exit_code == 0
    for command in (["build"], ["rebuild"]):
        assert run(*command).exit_code == 0
        said = {row["report_id"]: (row["status"], row["text"] == "") for row in rows(data, "select * from reports")}
        assert said == {first: ("removed", True), second: ("live", False)}
    lines = [json.loads(line) for line in (data / "decisions.jsonl").read_text("utf-8").splitlines()]
    assert [line["decision"] for line in lines] == ["unmerge", "merge", "division", "unmerge", "remove"]
    assert all(line["who"] and line["when"] and line["why"] for line in lines)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["remove", "fz0000000000000000", "--reason", "x"], "fz0000000000000000: no such report"),
        (["remove", "fz1", "--reason", "x"], "'fz1' is no id"),
        (["decide", "merge", "fz0000000000000000", "fz0000000000000000", "--reason", "x"], "needs 2 different id(s)"),
        (["decide", "division", "fz0000000000000000", "33", "--reason", "x"], "'33' is no division code"),
    ],
)
def test_bad_decisions(run, tmp_path, arguments, said):
    run("import", write(tmp_path / "a.html"))
    result = run(*arguments)
    assert result.exit_code == 1
    assert said in result.output
    assert not (tmp_path / "data" / "decisions.jsonl").exists()


def test_a_source_leads_to_its_report(run, tmp_path):
    from archive.read import open_archive, report_id_of

    run("import", write(tmp_path / "a.html"), "--url", "http://lin.gov.cn/a.html")
    run("import", tmp_path / "a.html", "--url", "http://lin.gov.cn/b.html")
    with closing(open_archive(tmp_path / "data" / "archive.db")) as db:
        ids = [row[0] for row in db.execute("select source_id from sources")]
        assert len(ids) == 2
        assert len({report_id_of(db, name) for name in ids}) == 1
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            db.execute("delete from reports")


@pytest.mark.parametrize(
    "command", ["import", "build", "rebuild", "status", "remove", "decide", "decide merge", "decide division"]
)
def test_help_has_an_example(command):
    result = CliRunner().invoke(main, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert "Example" in result.output
