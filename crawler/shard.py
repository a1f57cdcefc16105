"""One worker of a run: a spider over a shard of the sites, started by crawler.workers with its job on standard input."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import click

from crawler.ledger import Tally
from crawler.run import Outcome, run_spider


def main() -> None:
    """Read the job, run it, write what came of it; stop in good order when the parent is gone."""
    job: dict[str, Any] = json.loads(sys.stdin.readline())
    threading.Thread(target=_watch_parent, daemon=True).start()
    try:
        outcome = run_spider(job["spider"], job["arguments"], job["overrides"])
    except click.ClickException as error:
        sys.exit(error.message)
    Path(job["result"]).write_text(json.dumps(as_dict(outcome), ensure_ascii=False), "utf-8")


def _watch_parent() -> None:
    """Standard input ends with the parent, however it died: then this run ends as by Ctrl-C."""
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGINT)


def as_dict(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as JSON holds it."""
    tallies = {site: vars(tally) for site, tally in outcome.tallies.items()}
    return {"tallies": tallies, "reason": outcome.reason, "exceptions": outcome.exceptions}


def from_dict(values: dict[str, Any]) -> Outcome:
    """Return the outcome that `as_dict` wrote."""
    tallies = {site: Tally.of(tally) for site, tally in values["tallies"].items()}
    return Outcome(tallies=tallies, reason=values["reason"], exceptions=values["exceptions"])


if __name__ == "__main__":
    main()
