"""A release loads with the tools that people use: the examples of docs/releases.md are run, as they stand there."""

import csv
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from making import capture
from releasing import CAPTURES, COUNTY, archive, county, dump, reports, table

DOCS = (Path(__file__).parents[2] / "docs" / "releases.md").read_text("utf-8")
#: Language and name of a fenced block -> its lines.
EXAMPLES = {tuple(found[1].split()): found[2] for found in re.finditer(r"^```(\w[\w ]*)\n(.*?)^```$", DOCS, re.M | re.S)}
INDICATORS = "2022年，临溪县{}。共收到行政复议申请96件，办结90件。\n二、存在的问题\n执法力量仍显不足。"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with `release`; also `old` and `new`, one after the other, as the examples name them."""
    place = tmp_path_factory.mktemp("place")
    told = [capture(COUNTY.format(n), county(n, 2010 + n, text=INDICATORS.format("第" * n)), day=3) for n in range(4)]
    data = archive(place / "data", [*CAPTURES, *told])
    (place / "old").symlink_to(dump(data)[0])
    archive(data, [capture(COUNTY.format(2024), county(8, 2024), day=40)])
    for name in ("release", "new"):
        (place / name).symlink_to(data / "releases" / "2025.02.0")
    dump(data)
    return place


def ran(place, code, **more):
    """Run a Python example in a process of its own, offline; return what it printed."""
    env = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(place / "hf"), "PYTHONIOENCODING": "utf-8"}
    head = "".join(f"{name} = {value!r}\n" for name, value in more.items())
    done = subprocess.run([sys.executable, "-c", head + code], cwd=place, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("datasets", r"法治政府建设情况报告 \d+\n"),
        ("pandas", r"report_year\n(\d{4} +\d+\n)+"),
        ("duckdb", r"province"),
        ("frictionless", r"法治政府建设情况报告\n"),
        ("mlcroissant", r"indicators/value"),
    ],
)
def test_python(place, name, said):
    if find_spec(name) is None:
        pytest.skip(f"{name} is not installed")
    assert re.search(said, ran(place, EXAMPLES["python", name]))


def test_the_ten_lines_that_apply_a_delta(place):
    (path,) = (place / "new" / "delta").glob("*.jsonl.gz")
    found = ran(place, EXAMPLES["python", "delta"] + "\nprint(json.dumps(reports))", delta=str(path))
    assert json.loads(found) == reports(place / "new")


def test_r(place):
    if not shutil.which("Rscript"):
        pytest.skip("Rscript is not installed")
    done = subprocess.run(["Rscript", "-"], input=EXAMPLES[("r",)], cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "2024" in done.stdout


@pytest.mark.parametrize("line", EXAMPLES[("sh",)].strip().splitlines(), ids=lambda line: line.split()[0].strip("("))
def test_the_command_line(place, line, tmp_path):
    line = line.partition(" && datasette")[0]  # a server does not end
    tools = re.findall(r"(?:^|\| |&& )(\w+) ", line)
    if missing := [tool for tool in tools if not shutil.which(tool) and tool != "cd"]:
        pytest.skip(f"{missing[0]} is not installed")
    done = subprocess.run(["sh", "-c", line], cwd=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout or "--quiet" in line or line.startswith("unzstd")


def test_every_configuration_of_the_card_loads(place):
    """What the card names is what has rows; types come through."""
    if find_spec("datasets") is None:
        pytest.skip("datasets is not installed")
    code = (
        "import datasets, json\n"
        "names = datasets.get_dataset_config_names('release')\n"
        "found = {name: datasets.load_dataset('release', name, split='train') for name in names}\n"
        "assert datasets.load_dataset('release', split='train').column_names == found['reports'].column_names\n"
        "stream = datasets.load_dataset('release', 'metadata', split='train', streaming=True)\n"
        "assert next(iter(stream))['report_id'] == found['metadata'][0]['report_id']\n"
        "kind = type(found['reports'][0]['published_date']).__name__, type(found['reports'][0]['quality_flags']).__name__\n"
        "assert kind == ('date', 'list'), kind\n"
        "print(json.dumps({name: len(rows) for name, rows in found.items()}))"
    )
    counts = json.loads((place / "release" / "index.json").read_text("utf-8"))["counts"]
    assert json.loads(ran(place, code)) == {name: count for name, count in counts.items() if count}


def test_the_csv_as_r_and_excel_read_it(place):
    """A BOM first, CRLF after every row, quotes doubled, the same number of fields everywhere, nothing that is not text."""
    with gzip.open(place / "release" / "metadata.csv.gz") as stream:
        text = stream.read().decode("utf-8")
    assert text[0] == "\ufeff"
    assert "\x00" not in text
    found = list(csv.reader(text[1:].splitlines(keepends=True), strict=True))
    assert {len(row) for row in found} == {len(found[0])}
    assert len(found) - 1 == len(table(place / "release"))
    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n") == len(found)
