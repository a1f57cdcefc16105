"""The cleaning benchmark counts right: two pages of our own, our cleaner and an extractor that is wrong in known ways."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from benchmarks import cleaning, extractors, scoring

TITLE = "绵川县2023年法治政府建设情况报告"
BODY = [
    "2023年，绵川县人民政府坚持依法行政，扎实推进法治政府建设，现将有关情况报告如下。",
    "一、主要工作",
    "县政府常务会议学法6次，审查规范性文件12件，办结行政复议案件31件，群众满意度稳步提高。",
    "二、存在的问题",
    "基层执法力量仍然薄弱，部分镇街执法装备不足，执法人员业务培训还需加强。",
]
STATED = {"索引号": "51010001/2024-00021", "发布日期": "2024-03-11", "文号": "无", "栏目": "法治政府"}
PAGE = f"""<html><head><meta charset="utf-8"><title>{TITLE}</title></head><body>
<table><tr><td>索引号</td><td>{STATED["索引号"]}</td><td>发布日期</td><td>{STATED["发布日期"]}</td></tr></table>
<h1>{TITLE}</h1><div class="TRS_Editor">{"".join(f"<p>{line}</p>" for line in BODY)}</div>
<div>【打印本页】【关闭窗口】</div></body></html>"""
SCAN = """<html><head><meta charset="utf-8"><title>绵川县公告</title></head><body><h1>绵川县公告</h1>
<div class="TRS_Editor"><img src="a.jpg"></div><div>版权所有：绵川县人民政府</div></body></html>"""
#: What the wrong extractor gives for each page: title lines, half a sentence and a printed button; a footer for the scan.
WRONG = {PAGE: f"{TITLE[:5]}\n{TITLE[5:]}\n一、主 要工作打\n【打印 本页】", SCAN: "版权所有：绵川县人民政府"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    gold = {"url": "http://www.mianchuan.example/a.html", "must_not_contain": ["打印本页", "版权所有", "学法6次"]}
    golds = {
        "report": (PAGE, {**gold, "title": TITLE, "main_text": "\n".join([TITLE, *BODY]), "metadata": STATED}),
        "scan": (SCAN, {**gold, "title": "绵川县公告", "main_text": "", "metadata": {}}),
    }
    for name, (page, values) in golds.items():
        (tmp_path / f"{name}.html").write_text(page, "utf-8")
        (tmp_path / f"{name}.json").write_text(json.dumps(values, ensure_ascii=False), "utf-8")
    return tmp_path


def wrong(page: extractors.Page) -> extractors.Found:
    return extractors.Found(text=WRONG[page.decoded()], title=TITLE, published="2024年3月12日")


def refuse(page: extractors.Page) -> extractors.Found:
    raise ValueError(page.url)


def missing() -> extractors.Run:
    raise ImportError("No module named 'nothing'")


def tool(name: str, load: Any, gives: tuple[str, ...] = ()) -> extractors.Extractor:
    return extractors.Extractor(name=name, package="pytest", load=load, gives=frozenset(gives))


def figures(folder: Path, *tools: extractors.Extractor) -> list[dict[str, Any]]:
    golds = [cleaning.read_gold(path) for path in sorted(folder.glob("*.json"))]
    return cleaning.rows(cleaning.measure(golds, tools)[0])


def test_our_cleaner(folder: Path) -> None:
    (row,) = figures(folder, extractors.OURS)
    assert (row["precision"], row["recall"], row["f1"]) == (1, 1, 1)
    assert (row["leak"], row["lost"], row["emitted"], row["raised"]) == (0, 0, 0, 0)
    assert (row["title"], row["published"], row["fields"]) == (1, 1, 1)
    assert row["ratio_mean"] is None


def test_a_wrong_extractor(folder: Path) -> None:
    (row,) = figures(folder, tool("wrong", lambda: wrong, ("title", "published")))
    # 一、主要工作打【打印本页】 has 12 bigrams; 一、 、主 主要 要工 工作 are in the body.
    recall = 5 / (len("".join(BODY)) - 1)
    assert row["precision"] == pytest.approx(5 / 12)
    assert row["recall"] == pytest.approx(recall)
    assert row["f1"] == pytest.approx(2 * 5 / 12 * recall / (5 / 12 + recall))
    assert (row["leak"], row["lost"], row["emitted"], row["raised"]) == (1, 1, 1, 0)
    assert (row["title"], row["published"], row["fields"]) == (0.5, 0, None)


def test_raising_is_empty_and_counted(folder: Path) -> None:
    (row,) = figures(folder, tool("refuse", lambda: refuse))
    assert (row["raised"], row["f1"], row["lost"], row["leak"], row["emitted"]) == (2, 0, 1, 0, 0)
    assert row["title"] is None


def test_ratio_is_to_the_baseline_of_the_same_run(folder: Path) -> None:
    ours, baseline = figures(folder, extractors.OURS, extractors.BASELINE)
    for kind in ("median", "mean"):
        assert baseline[f"ratio_{kind}"] == 1
        assert ours[f"ratio_{kind}"] == pytest.approx(ours[f"ms_{kind}"] / baseline[f"ms_{kind}"])


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("甲县\n报告\n正文", ["正文"]),
        ("甲 县报告\n\n正文", ["", "正文"]),
        ("甲县\n正文", ["甲县", "正文"]),
        ("正文\n甲县报告", ["正文", "甲县报告"]),
    ],
)
def test_leading_title_lines(text: str, rest: list[str]) -> None:
    assert scoring.without_title(text, "甲县报告") == rest


def test_text_of_html_has_a_line_for_each_block() -> None:
    lines = extractors.text_of("<div><p>一、<b>主要</b>工作</p><!-- x -->好<br>的</div>").split("\n")
    assert [line for line in lines if line] == ["一、主要工作", "好", "的"]


def test_table_says_who_was_left_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "PEERS", (tool("gne", missing), tool("justext", lambda: wrong)))
    done = CliRunner().invoke(cleaning.main, [str(folder)])
    assert done.exit_code == 0, done.output
    assert "left out: gne: No module named 'nothing'" in done.output
    heads, _, ours, other = (
        [cell.strip() for cell in line.split("|")[1:-1]] for line in done.output.splitlines() if line[:1] == "|"
    )
    assert (ours[0], other[0]) == ("fazhi", "justext")
    assert dict(zip(heads, ours, strict=True))["F1"] == "1.0000"
    assert dict(zip(heads, other, strict=True))["leak"] == "100.0%"


def test_json_limit_and_peer(folder: Path) -> None:
    done = CliRunner().invoke(cleaning.main, [str(folder), "--json", "--limit", "1", "--peer", "trafilatura"])
    values = json.loads(done.output)
    assert (values["pages"], values["bodies"], values["empty_bodies"]) == (1, 1, 0)
    assert [row["tool"] for row in values["tools"]] == ["fazhi", "trafilatura"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": 5}, "hold text"),
        ({"metadata": {"发布日期": "近日"}}, "not a date: report: 近日"),
    ],
)
def test_gold_that_cannot_be_used(folder: Path, change: dict[str, Any], message: str) -> None:
    path = folder / "report.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change), "utf-8")
    done = CliRunner().invoke(cleaning.main, [str(folder)])
    assert done.exit_code == 1
    assert message in done.output


def test_gold_without_page_or_key(folder: Path) -> None:
    (folder / "scan.html").unlink()
    assert "put scan.html there" in CliRunner().invoke(cleaning.main, [str(folder)]).output
    (folder / "report.json").write_text("{}", "utf-8")
    assert "main_text" in CliRunner().invoke(cleaning.main, [str(folder)]).output
