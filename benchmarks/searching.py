"""How long the search page's statements take beside plain LIKE on the same archive, in the same run.

    python benchmarks/searching.py ARCHIVE [--words FILE] [--rounds 3] [--json]

ARCHIVE is an archive.db; FILE has one query a line (else WORDS). For every query the first page of hits and the counts by year
and province are timed, and as the plain peer what one would write without an index: the newest 20 reports whose text is LIKE
the query, and their number. Only ratios within one run mean anything on a machine that others use.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # a script's own folder stands first in the path, where cleaning.py would hide the package
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from archive.asked import Asked
from archive.finding import counts, hits, rows
from archive.read import open_archive
from archive.search import register

WORDS = ("复议", "行政复议", "行政执法", "法治政府建设", "双随机一公开", "海事", "枫桥经验", "12348")
FILTERED: tuple[dict[str, str], ...] = ({}, {"section": "problems"}, {"year": "2022"}, {"sort": "newest"})
PEER = "select report_id, title from reports where text like :word order by id desc limit 20"
PEER_COUNT = "select count(*) from reports where text like :word"


def milliseconds(call: Callable[[], Any], rounds: int) -> float:
    """Return the median time of a call after one that warms up."""
    call()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1000


def measure(connection: sqlite3.Connection, word: str, rounds: int) -> list[dict[str, Any]]:
    """Return one row for each of FILTERED: ms of hits, counts and the peer, and how many reports match."""
    like = {"word": f"%{word}%"}
    peer = milliseconds(lambda: [connection.execute(sql, like).fetchall() for sql in (PEER, PEER_COUNT)], 1)
    found = []
    for filters in FILTERED:
        asked = Asked.of({"q": word, **filters})
        shown = rows(connection, hits(asked))
        found.append(
            {
                "query": word,
                "filter": ", ".join(f"{name} {value}" for name, value in filters.items()) or "none",
                "matches": shown[0]["matches"] if shown else 0,
                "hits_ms": milliseconds(lambda asked=asked: rows(connection, hits(asked)), rounds),
                "counts_ms": milliseconds(lambda asked=asked: rows(connection, counts(asked)), rounds),
                "like_ms": peer,
            }
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--words", type=Path, help="a file with one query a line")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    queries = given.words.read_text("utf-8").split("\n") if given.words else WORDS
    with closing(open_archive(given.archive)) as connection:
        register(connection)
        found = [row for word in queries if word.strip() for row in measure(connection, word.strip(), given.rounds)]
    if given.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    print("| query | filter | matches | hits ms | counts ms | LIKE ms | LIKE / hits |\n|---|---|--:|--:|--:|--:|--:|")
    for row in found:
        times = (
            f"{row['hits_ms']:.1f} | {row['counts_ms']:.1f} | {row['like_ms']:.0f} | {row['like_ms'] / row['hits_ms']:.0f} ×"
        )
        print(
            f"| {row['query']} | {row['filter']} | {min(row['matches'], 10_000):,}{'+' * (row['matches'] > 10_000)} | {times} |"
        )
    slow = sorted(row["hits_ms"] for row in found)
    print(f"\np50 {statistics.median(slow):.0f} ms, p95 {slow[int(len(slow) * 0.95)]:.0f} ms over {len(slow)} questions")


if __name__ == "__main__":
    main()
