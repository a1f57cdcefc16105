"""Workers: one run over several Scrapy processes, each with a shard of the sites; a dead worker's shard is taken up again."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from archive.raw import RawStore, new_run
from crawler.ledger import Tally
from crawler.registry import Site
from crawler.run import Outcome
from crawler.shard import from_dict

#: A shard is given up when so many workers have died over it.
_LIVES = 4
#: Seconds that a worker may take to end in good order after the run was interrupted.
_GRACE = 120


def shards(sites: Sequence[Site], number: int) -> list[list[Site]]:
    """Split sites into at most `number` shards of like size; sites that share a host stay together."""
    groups: list[tuple[set[str], list[Site]]] = []
    for site in sites:
        hosts, together = set(site.netlocs), [site]
        for group in [group for group in groups if group[0] & hosts]:
            groups.remove(group)
            hosts, together = hosts | group[0], group[1] + together
        groups.append((hosts, together))
    filled: list[list[Site]] = [[] for _ in range(number)]
    for _, together in sorted(groups, key=lambda group: -_weight(group[1])):
        min(filled, key=_weight).extend(together)
    return [shard for shard in filled if shard]


def _weight(sites: Sequence[Site]) -> int:
    """Return about how much there is to ask: a list each, and what it leads to."""
    return sum(1 + len(site.lists) for site in sites)


def run_workers(
    spider: str, arguments: Mapping[str, str], overrides: Mapping[str, str | int], sites: Sequence[Site], number: int, lock: int
) -> Outcome:
    """Run a spider over the sites in `number` processes, to their end.

    Args:
        spider: its name.
        arguments: as after `-a`; `data` names the data folder, `site` is filled in here.
        overrides: settings, as after `-s`.
        sites: what to crawl.
        number: of processes.
        lock: file descriptor that the workers hold as long as they live.

    Raises:
        click.ClickException: a worker could not start, or a shard's workers died again and again.
    """
    data, run = Path(arguments["data"]), new_run()
    with RawStore(data / "raw") as store:
        store.start_run(run, spider)
    (data / "crawl").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="workers-", dir=data / "crawl") as folder:
        jobs: list[dict[str, object]] = []
        for n, shard in enumerate(shards(sites, number)):
            given = {**arguments, "site": ",".join(site.id for site in shard), "run": run}
            turns = {**overrides, "HOST_TURNS": f"{folder}/turns"}
            jobs.append({"spider": spider, "arguments": given, "overrides": turns, "result": f"{folder}/{n}.json"})
        outcomes = _work(jobs, lock)
    tallies: dict[str, Tally] = {site: tally for outcome in outcomes for site, tally in outcome.tallies.items()}
    cut_short = next((outcome.reason for outcome in outcomes if outcome.reason != "finished"), "")
    if not cut_short:
        with RawStore(data / "raw") as store:
            store.finish_run(run, len(sites))
    exceptions = sum(outcome.exceptions for outcome in outcomes)
    return Outcome(tallies=tallies, reason=cut_short or "finished", exceptions=exceptions)


def _work(jobs: list[dict[str, object]], lock: int) -> list[Outcome]:
    """Run the jobs side by side; one whose worker dies is started again and goes on where the raw store ends."""
    running = {n: _start(job, lock) for n, job in enumerate(jobs)}
    lives = dict.fromkeys(running, _LIVES)
    outcomes: list[Outcome] = []
    try:
        while running:
            for n, worker in list(running.items()):
                try:
                    worker.wait(0.2)
                except subprocess.TimeoutExpired:
                    continue
                del running[n]
                result = Path(str(jobs[n]["result"]))
                if worker.returncode == 0 and result.exists():
                    outcomes.append(from_dict(json.loads(result.read_text("utf-8"))))
                elif worker.returncode > 0 or lives[n] == 1:
                    ended = f"worker {n + 1} ended with {worker.returncode}"
                    raise click.ClickException(f"{ended}; see above, then run the command again")
                else:
                    lives[n] -= 1
                    click.echo(f"worker {n + 1} died (signal {-worker.returncode}); its sites are taken up again", err=True)
                    running[n] = _start(jobs[n], lock)
    finally:
        for worker in running.values():
            if worker.stdin:
                worker.stdin.close()  # tells it to end in good order
        for worker in running.values():
            worker.wait(_GRACE)
    return outcomes


def _start(job: Mapping[str, object], lock: int) -> subprocess.Popen[str]:
    worker = subprocess.Popen([sys.executable, "-m", "crawler.shard"], stdin=subprocess.PIPE, text=True, pass_fds=(lock,))
    assert worker.stdin
    worker.stdin.write(json.dumps(job) + "\n")
    worker.stdin.flush()
    return worker
