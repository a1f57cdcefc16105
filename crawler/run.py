"""Runs a spider in this process, without scrapy.cfg: settings from crawler.settings, a progress bar on a terminal."""

from __future__ import annotations

import fcntl
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import click
from scrapy import signals
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader
from twisted.python.failure import Failure

from crawler.ledger import Ledger, Tally
from crawler.obstacles import CHALLENGES
from crawler.registry import Site


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a run."""

    tallies: Mapping[str, Tally]  #: site id -> what the run did for it
    reason: str  #: Scrapy's word for the end: finished, shutdown (interrupted), raw_store_failed, …
    exceptions: int  #: callbacks that raised: our own mistakes
    dialects: Mapping[str, str] = field(default_factory=dict)  #: site id -> the dialect its lists were read in


def make_settings(overrides: Mapping[str, str | int]) -> Settings:
    """Return the project's settings, quieter than Scrapy's own command, with overrides as `-s NAME=VALUE` gives them."""
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.update({"LOG_LEVEL": "WARNING", "STATS_DUMP": False}, priority="project")
    settings.update(dict(overrides), priority="cmdline")
    return settings


def read_overrides(overrides: tuple[str, ...]) -> dict[str, str]:
    """Read -s NAME=VALUE.

    Raises:
        click.ClickException: neither Scrapy nor we know the name, or the value is no number where one is needed.
    """
    known, chosen = make_settings({}), {}
    for text in overrides:
        name, equals, value = text.partition("=")
        if not name or not equals:
            raise click.ClickException(f"-s {text!r} must be NAME=VALUE, as in -s DOWNLOAD_DELAY=3")
        if name not in known:
            close = get_close_matches(name, known, n=1)
            raise click.ClickException(f"-s {text!r}: no setting {name}" + (f"; did you mean {close[0]}?" if close else ""))
        try:
            if type(known[name]) in (int, float):
                float(value)
            elif isinstance(known[name], bool):
                Settings({name: value}).getbool(name)
        except ValueError:
            kind = "True or False" if isinstance(known[name], bool) else "a number"
            raise click.ClickException(f"-s {text!r}: {value!r} must be {kind}") from None
        chosen[name] = value
    return chosen


def spider_names() -> list[str]:
    """Return the names of the spiders that there are."""
    return sorted(SpiderLoader.from_settings(make_settings({})).list())


@contextmanager
def crawl_lock(data: Path) -> Iterator[int]:
    """Hold the data folder for one crawl; wait for another that is at work on it, so that no host is asked by two at once.

    Args:
        data: the data folder.

    Yields:
        The lock's file descriptor. Workers inherit it: where the command was killed, the next waits until they have ended.
    """
    data.mkdir(parents=True, exist_ok=True)
    with (data / ".crawl.lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            click.echo(f"another crawl is at work on {data}: waiting until it ends (Ctrl-C to leave)", err=True)
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield stream.fileno()


def run_spider(name: str, arguments: Mapping[str, str], overrides: Mapping[str, str | int]) -> Outcome:
    """Run a spider to its end. Twisted's reactor runs once in a process, so this does too.

    Args:
        name: the spider.
        arguments: as after `-a` of `scrapy crawl`.
        overrides: settings, as after `-s`.

    Raises:
        click.ClickException: the spider could not start; the message says why.
    """
    process = CrawlerProcess(make_settings(overrides))
    crawler = process.create_crawler(name)
    reasons: list[str] = []
    mistakes: list[BaseException | None] = []

    def closed(reason: str) -> None:
        reasons.append(reason)

    def failed(failure: Failure) -> None:
        mistakes.append(failure.value)

    crawler.signals.connect(closed, signal=signals.spider_closed)
    with _progress(crawler):
        process.crawl(crawler, **arguments).addErrback(failed)
        process.start()
    ledger: Ledger | None = getattr(crawler.spider, "ledger", None)
    if ledger is None or not reasons:
        said = "; ".join(f"{type(mistake).__name__}: {mistake}" for mistake in mistakes) or "see the log above"
        raise click.ClickException(f"spider {name} could not start: {said}")
    return Outcome(
        tallies=ledger.tallies,
        reason=reasons[0],
        exceptions=crawler.stats.get_value("spider_exceptions/count", 0),
        dialects={site: ledger.dialect(site) for site in [*ledger.tallies]},
    )


def report_line(site: Site, tally: Tally) -> str:
    """Return the line that says what a run did for a site."""
    line = f"{site.id} {site.name}: {tally.found} found, {tally.fetched} fetched, {tally.attachments} attachments"
    if tally.attempts:
        line += "; " + ", ".join(f"{reason} {number}" for reason, number in tally.attempts.most_common())
    if tally.gone:
        line += f"; {tally.gone} gone lately"
    if tally.elsewhere:
        line += f"; {tally.elsewhere} links to hosts that no entry names"
    if skipped := tally.skipped.total():
        line += f"; {skipped} addresses not asked for"
    return line


def trouble(site: Site, tally: Tally, limit: int = 0, *, counts: bool = True) -> str:
    """Return what is wrong with a site after a run, or "": blocked, nothing found, fewer reports than expected.

    `counts`: the spider looks for reports, so that finding none is an error.
    """
    if walls := sorted((CHALLENGES | {"robots_unavailable"}) & set(tally.attempts)):
        return f"blocked ({', '.join(walls)})"
    if not counts:
        return ""
    if not tally.found:
        return f"nothing found ({', '.join(tally.attempts) or 'no title of a report in its lists'})"
    expected = site.expect.get("min_reports", 0)
    if tally.found < (min(expected, limit) if limit else expected):
        return f"found {tally.found}, expected {expected} or more"
    return ""


@contextmanager
def _progress(crawler: Crawler) -> Iterator[None]:
    """Show a bar of requests done and known on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield
        return
    with click.progressbar(length=1, label="crawling", file=sys.stderr, show_eta=False) as bar:

        def step() -> None:
            bar.length = crawler.stats.get_value("scheduler/enqueued", 1)
            bar.update(crawler.stats.get_value("scheduler/dequeued", 0) - bar.pos)

        crawler.signals.connect(step, signal=signals.response_downloaded)
        yield
