"""Precision and recall of the indicators on the gold passages, and the time they take, beside the plainest rule there is.

    python benchmarks/indicators.py [FILE.yaml …] [--text FILE]

The plain rule is one pattern a name, its words and the first number after them: 受理.{0,20}行政复议.*?(\\d+)件.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
import timeit
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "archive")]

from gold import FOLDER, figures, given_with, read  # noqa: E402

from archive.indicators import RULES, indicators  # noqa: E402

#: Characters of a report that times are given for, and rounds of which the best is taken.
LENGTH, ROUNDS = 6_000, 7
_NUMBER = r"[^。\n]*?(\d[\d,.]*万?)(?:余|多)?"
PLAIN = {
    "行政复议收到": rf"收到.{{0,6}}复议{_NUMBER}[件宗]",
    "行政复议受理": rf"受理.{{0,6}}复议{_NUMBER}[件宗]",
    "行政复议审结": rf"[审办]结.{{0,6}}复议{_NUMBER}[件宗]",
    "行政复议纠正": rf"复议.*?纠[错正]{_NUMBER}[件宗]",
    "行政诉讼案件": rf"行政(?:诉讼|应诉){_NUMBER}[件宗]",
    "行政诉讼败诉": rf"败诉{_NUMBER}[件宗]",
    "负责人出庭率": rf"出庭.{{0,2}}率{_NUMBER}%",
    "规范性文件制定": rf"(?:制定|出台|印发).{{0,6}}规范性文件{_NUMBER}件",
    "规范性文件审查": rf"审[查核].{{0,6}}规范性文件{_NUMBER}件",
    "规范性文件备案": rf"备案{_NUMBER}件",
    "行政执法人员": rf"行政执法人员{_NUMBER}[人名]",
    "行政处罚": rf"行政处罚{_NUMBER}[件起宗]",
    "合同审查": rf"审[查核].{{0,6}}合同{_NUMBER}[件份]",
    "调解": rf"调解{_NUMBER}[件起宗]",
    "调解成功率": rf"成功率{_NUMBER}%",
    "法律援助": rf"法律援助{_NUMBER}[件宗]",
}


def plain(text: str) -> dict[str, str]:
    """Return the first number of each name, as printed."""
    return {name: match[1] for name, pattern in PLAIN.items() if (match := re.search(pattern, text))}


def ours(text: str, known: dict[str, str]) -> dict[str, str]:
    """Return our numbers, as printed."""
    return {figure.name: text[figure.start : figure.end] for figure in indicators(text, **known)}


def share(part: int, whole: int) -> str:
    """Write a share, a dash of nothing."""
    return f"{part / whole:.3f}" if whole else "–"


def table(passages: list[dict[str, object]]) -> None:
    """Print precision and recall of every name, of both."""
    right, said, there = {"ours": Counter(), "plain": Counter()}, {"ours": Counter(), "plain": Counter()}, Counter()
    for item in passages:
        text, wanted = str(item["text"]), {name: printed for name, (printed, *_) in figures(item, missed=True).items()}
        there.update(wanted.keys())
        for who, found in (("ours", ours(text, given_with(item))), ("plain", plain(text))):
            said[who].update(found.keys())
            right[who].update(name for name, printed in found.items() if wanted.get(name) == printed)
    print("| name | figures | precision | recall | plain: precision | recall |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    for name in (*RULES, "all"):
        names = RULES if name == "all" else (name,)
        true = sum(there[n] for n in names)
        cells = []
        for who in ("ours", "plain"):
            hits = sum(right[who][n] for n in names)
            cells += [share(hits, sum(said[who][n] for n in names)), share(hits, true)]
        print(f"| {name} | {true} | {' | '.join(cells)} |")


def times(text: str) -> None:
    """Print the CPU time a report takes, of both."""
    for who, read_text in (("ours", lambda: indicators(text)), ("plain", lambda: plain(text))):
        best = min(timeit.repeat(read_text, number=3, repeat=ROUNDS, timer=time.process_time)) / 3
        print(f"{who}: {best * 1000 * LENGTH / len(text):.2f} ms for {LENGTH:,} characters")


def main() -> None:
    """Read the arguments and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", nargs="*", type=Path, help=f"gold passages (default: {FOLDER.relative_to(ROOT)})")
    parser.add_argument("--text", type=Path, help="a report to take the time of (default: the gold passages as one text)")
    given = parser.parse_args()
    passages = read(given.files or sorted(FOLDER.glob("*.yaml")))
    table(passages)
    times(given.text.read_text("utf-8") if given.text else "\n".join(str(item["text"]) for item in passages))


if __name__ == "__main__":
    main()
