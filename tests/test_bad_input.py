"""Bad input through the real command line: one clear line that names the value, exit code not 0, and the rest goes on."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINES = [
    "2023年，柳岭镇认真贯彻落实法治政府建设各项部署，依法行政水平稳步提高。现将有关情况报告如下：",
    *(f"（{n}）全镇开展法治宣传{n * 7}场次，调解矛盾纠纷{n * 31}件，清理证明{n}项，群众满意度不断提升。" for n in range(1, 15)),
]
REPORT = f"""<html><head><meta charset="utf-8"><meta name="PubDate" content="2024-03-05"></head><body>
<h1>柳岭镇人民政府关于2023年法治政府建设情况的报告</h1><div class="TRS_Editor">{"".join(f"<p>{line}</p>" for line in LINES)}
</div></body></html>""".encode()


def fazhi(*arguments: str | Path, data: Path, env: dict[str, str] | None = None) -> tuple[int, list[str], str]:
    """Run a command; return its exit code, its lines that say Error, and everything it printed."""
    line = [sys.executable, "-m", "fazhi", *map(os.fspath, arguments), "--data", str(data)]
    env = {**os.environ, **(env or {}), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(line, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
    printed = (done.stdout + done.stderr).decode("utf-8", "replace")
    assert "Traceback" not in printed, printed
    return done.returncode, [line for line in printed.splitlines() if line.startswith("Error: ")], printed


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one report."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "good.html").write_bytes(REPORT)
    assert fazhi("import", folder / "good.html", data=folder / "data")[0] == 0
    return folder / "data"


def docx() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as parcel:
        parcel.writestr("word/document.xml", "".join(LINES) * 5)
    return stream.getvalue()


def bomb() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as parcel, parcel.open("word/document.xml", "w") as member:
        for _ in range(400):
            member.write(bytes(1_000_000))
    return stream.getvalue()


def test_every_bad_file_gets_its_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    said = {
        "empty.html": (b"", "the file is empty"),
        "junk.html": (bytes(range(256)) * 200, "no document"),
        "large.html": (REPORT + b" " * 30_000_000, "30.0 MB is too large"),
        "cut.docx": (docx()[:200], "cut short or damaged"),
        "bomb.docx": (bomb(), "zip bomb"),
        "junk.warc.gz": (b"no archive at all", "damaged, or no warc.gz file"),
        "table.xlsx": (b"PK", "unknown file type; known: html htm"),
        "a\nb.html": (b"", "the file is empty"),
    }
    for name, (body, _) in said.items():
        (tmp_path / name).write_bytes(body)
    (tmp_path / "good.html").write_bytes(REPORT)
    paths = [*(tmp_path / name for name in said), tmp_path / "missing.html", tmp_path / "good.html"]
    code, errors, printed = fazhi("import", *paths, data=tmp_path / "data")
    assert code == 1
    assert "1 new reports" in printed
    expected = {name.replace("\n", r"\n"): words for name, (_, words) in said.items()} | {"missing.html": "no such file"}
    for name, words in expected.items():
        (line,) = [line for line in errors if f"/{name}: " in line]
        assert words in line
    assert len(errors) == len(expected)


def test_a_folder_of_strange_things(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "x.html").mkdir(parents=True)
    (folder / "x.html" / "deep.html").write_bytes(REPORT)
    os.mkfifo(folder / "pipe.html")
    (folder / "broken.html").symlink_to(tmp_path / "nowhere")
    (folder / "loop.html").symlink_to(folder / "loop.html")
    (folder / "round").symlink_to(folder)
    Path(os.fsdecode(os.fsencode(folder) + "/报告.html".encode("gbk"))).write_bytes(
        REPORT.replace("柳岭".encode(), "石门".encode())
    )
    (folder / "notes.md").write_text("no report")
    code, errors, printed = fazhi("import", folder, data=tmp_path / "data")
    assert code == 1
    assert "2 new reports" in printed
    assert ".md 1" in printed
    assert [line.rpartition("/")[2].partition(":")[0] for line in errors] == ["broken.html", "loop.html", "pipe.html"]
    with closing(sqlite3.connect(tmp_path / "data" / "archive.db")) as db:
        assert {name for (name,) in db.execute("select filename from sources")} == {"deep.html", "报告.html"}


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("- id: x\n  name: 柳岭县人民政府\n  hoem: http://lin.example/\n", "unknown key 'hoem'"),
        ("- id: [\n", "x.yaml: cannot be read"),
    ],
)
def test_a_registry_that_cannot_be_used(tmp_path: Path, entry: str, words: str) -> None:
    (tmp_path / "data" / "sites").mkdir(parents=True)
    (tmp_path / "data" / "sites" / "x.yaml").write_text(entry, "utf-8")
    (tmp_path / "good.html").write_bytes(REPORT)
    code, (error,), _ = fazhi("import", tmp_path / "good.html", data=tmp_path / "data")
    assert code == 1
    assert words in error
    assert not (tmp_path / "data" / "raw").exists()


@pytest.mark.parametrize(
    "command", ["build", "rebuild", "status", "search 复议", "dump", "serve", "remove fz0000000000000000 --reason x"]
)
def test_a_missing_data_folder(tmp_path: Path, command: str) -> None:
    code, (error,), _ = fazhi(*command.split(), data=tmp_path / "none")
    assert code == 1
    assert str(tmp_path / "none") in error
    assert "fazhi import" in error
    assert not (tmp_path / "none").exists()


def test_a_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "good.html").write_bytes(REPORT)
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file" / "data", Path("/proc/none")):
        code, (error,), _ = fazhi("import", tmp_path / "good.html", data=folder)
        assert code == 1
        assert str(folder) in error


def test_a_port_in_use(made: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, (error,), _ = fazhi("serve", "--port", str(port), data=made)
    assert code == 1
    assert str(port) in error


@pytest.mark.parametrize("arguments", ["--year abc", "--year 99999999999999999999", "--limit 0", "--limit 99999999999999999999", "--province x", "--level x"])  # fmt: skip
def test_a_filter_that_cannot_be(made: Path, arguments: str) -> None:
    code, (error,), _ = fazhi("search", "调解", *arguments.split(), data=made)
    assert code in (1, 2)
    assert arguments.split()[1] in error


@pytest.mark.parametrize(
    "query", ["", '"', "。，！", "'; drop table reports; --", "NEAR(a b) OR *", "法治" * 5000, os.fsdecode(b"\xb7\xa8")]
)
def test_odd_queries_find_nothing(made: Path, query: str) -> None:
    code, errors, printed = fazhi("search", query, "--json", data=made)
    assert (code, errors) == (0, [])
    assert '"total": 0' in printed


@pytest.mark.parametrize(
    ("name", "words"),
    [("archive.db", "run fazhi rebuild"), ("raw/index.db", "move it away"), ("decisions.jsonl", "line 1 cannot be used")],
)
def test_a_damaged_file_is_named_with_the_fix(made: Path, tmp_path: Path, name: str, words: str) -> None:
    data = copied(made, tmp_path / "data")
    (data / name).write_bytes(b"\x00\xff no database and no JSON" * 500)
    code, (error,), _ = fazhi("build", data=data)
    assert code == 1
    assert f"{data / name}" in error
    assert words in error


def test_without_the_warc_files_nothing_is_lost(made: Path, tmp_path: Path) -> None:
    data = copied(made, tmp_path / "data")
    (file,) = (data / "raw").glob("*.warc.gz")
    file.rename(tmp_path / file.name)
    code, (error,), _ = fazhi("rebuild", data=data)
    assert code == 1
    assert file.name in error
    assert '"total": 1' in fazhi("search", "调解", "--json", data=data)[2]
    (tmp_path / file.name).rename(data / "raw" / file.name)
    assert "1 new reports" in fazhi("rebuild", data=data)[2]


def copied(made: Path, data: Path) -> Path:
    """Copy a data folder."""
    for path in made.rglob("*"):
        if path.is_file():
            (data / path.relative_to(made)).parent.mkdir(parents=True, exist_ok=True)
            (data / path.relative_to(made)).write_bytes(path.read_bytes())
    return data
