"""The command `clean`: its three formats, --why, and one clear line for what cannot be cleaned."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from cleaning.commands import clean
from tests.cleaning.designs import LINES, TITLE, page, paragraphs

PAGE = page(f"<h1>{TITLE}</h1><p>来源：县司法局</p><div id=zoom>{paragraphs()}</div><p>扫一扫在手机打开当前页</p>")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.html"
    path.write_bytes(PAGE)
    return path


def test_text(file: Path) -> None:
    result = CliRunner().invoke(clean, [str(file)])
    assert result.exit_code == 0
    assert result.stdout.rstrip("\n").split("\n") == LINES


def test_json(file: Path) -> None:
    result = CliRunner().invoke(
        clean, [str(file), "--format", "json", "--url", "http://www.liuling.test.gov.cn/a/t20240305_1.html"]
    )
    values = json.loads(result.stdout)
    assert (values["title"], values["text"].split("\n"), values["published_date"]) == (TITLE, LINES, "2024-03-05")
    assert "dropped" not in values
    why = json.loads(CliRunner().invoke(clean, [str(file), "--format", "json", "--why"]).stdout)
    assert {"rule": "qr_code", "line": "扫一扫在手机打开当前页"} in why["dropped"]


def test_markdown(file: Path) -> None:
    result = CliRunner().invoke(clean, [str(file), "--format", "markdown"])
    assert result.stdout.startswith(f"# {TITLE}\n")
    assert "\n## 一、主要工作\n" in result.stdout
    assert "\n### （一）加强组织领导\n" in result.stdout


def test_why_names_rule_and_line(file: Path) -> None:
    output = CliRunner().invoke(clean, [str(file), "--why"]).stdout
    assert "qr_code\t扫一扫在手机打开当前页" in output
    assert "info_bar\t来源：县司法局" in output


def test_what_is_no_report_is_printed_and_said(tmp_path: Path) -> None:
    path = tmp_path / "b.txt"
    path.write_text(
        "关于召开会议的通知\n" + "各乡镇人民政府要认真做好各项准备工作，确保会议顺利召开，有关事项通知如下。" * 9, "utf-8"
    )
    result = CliRunner().invoke(clean, [str(path)])
    assert result.exit_code == 0
    assert "各乡镇人民政府" in result.stdout
    assert "no report:" in result.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        (b"", "empty"),
        (bytes(range(256)) * 20, "unsupported_format"),
        (b"<p>x</p>" * 300_000, "too long"),
    ],
    ids=["missing", "empty", "junk", "long"],
)
def test_bad_input_is_one_line(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "c.html"
    if content is not None:
        path.write_bytes(content)
    result = CliRunner().invoke(clean, [str(path)])
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert "c.html" in result.stderr
    assert words in result.stderr


def test_a_folder_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(clean, [str(tmp_path)])
    assert result.exit_code == 1
    assert "is a folder" in result.stderr
