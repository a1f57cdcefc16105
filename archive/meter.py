"""How far a long job is: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any

import click

#: Jobs of fewer records than this say nothing on the way where there is no terminal.
QUIET = 2000


class Meter:
    """Shows stages of a job one after the other."""

    def __init__(self, echo: Callable[[str], None] = click.echo) -> None:
        self.echo, self.stage, self.shown = echo, "", 0
        self.bar: Any = None

    def show(self, stage: str, done: int, total: int) -> None:
        """Note that `done` of `total` records of a stage are done."""
        if stage != self.stage:
            self._end()
            self.stage, self.shown = stage, 0
            if sys.stderr.isatty():
                self.bar = click.progressbar(length=total, label=stage, file=sys.stderr)
                self.bar.__enter__()
        if self.bar:
            self.bar.update(done - self.shown)
            self.shown = done
        elif total >= QUIET and (done - self.shown) * 10 >= total:
            self.echo(f"{stage}: {done} of {total}")
            self.shown = done

    def _end(self) -> None:
        if self.bar:
            self.bar.__exit__(None, None, None)
            self.bar = None

    def __enter__(self) -> Meter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end()
