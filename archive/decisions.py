"""Decisions of people, data/decisions.jsonl: append-only, read by every build, so that they hold through rebuilds."""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from dataclasses import asdict, dataclass, field, fields
from hashlib import sha256
from pathlib import Path

#: What can be decided, and what it means.
KINDS = {
    "merge": "two sources are of one report",
    "unmerge": "two sources are of different reports",
    "division": "the report's division is this one",
    "remove": "the report's text is taken out of the archive",
}
IDENTIFIER = re.compile(r"fz[0-9a-f]{16}")


class DecisionError(Exception):
    """A decision that cannot be used; the message names the line or the value, and the fix."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One line of the file."""

    decision: str  #: one of KINDS
    ids: list[str]  #: report or source ids: two for merge and unmerge, one for division, every source of a removed report
    division: str = ""  #: code, for `division`
    who: str  #: who decided
    when: str  #: UTC
    why: str  #: the reason, for people

    def check(self) -> Decision:
        """Return self.

        Raises:
            DecisionError: a value is not what it must be.
        """
        wanted = 2 if self.decision in ("merge", "unmerge") else 1
        if self.decision == "remove" and isinstance(self.ids, list):
            wanted = max(1, len(self.ids))
        if self.decision not in KINDS:
            raise DecisionError(f"unknown decision {self.decision!r}; known: {', '.join(KINDS)}")
        if not isinstance(self.ids, list) or len(self.ids) != wanted or len(set(self.ids)) != wanted:
            raise DecisionError(f"{self.decision} needs {wanted} different id(s), not {self.ids!r}")
        for name in self.ids:
            if not isinstance(name, str) or not IDENTIFIER.fullmatch(name):
                raise DecisionError(f"{name!r} is no id: fz and 16 hex digits, as on the report's page")
        if self.decision == "division" and not re.fullmatch(r"\d{6}|\d{9}", self.division):
            raise DecisionError(f"{self.division!r} is no division code: 6 digits, townships 9")
        return self


def append(path: Path, decision: Decision) -> None:
    """Write a decision at the end of the file; it survives a crash from the moment this returns.

    Raises:
        OSError: the file cannot be written.
    """
    line = json.dumps(asdict(decision.check()), ensure_ascii=False) + "\n"
    with path.open("a+b") as stream:
        if stream.tell():
            stream.seek(-1, os.SEEK_END)
            line = line if stream.read(1) == b"\n" else "\n" + line
        stream.write(line.encode())
        stream.flush()
        os.fsync(stream.fileno())


@dataclass
class Decisions:
    """Every decision of the file, the last word of each pair and report."""

    lines: list[Decision] = field(default_factory=list)
    digest: str = ""
    merged: dict[frozenset[str], Decision] = field(default_factory=dict)
    parted: dict[frozenset[str], Decision] = field(default_factory=dict)
    divisions: dict[str, tuple[int, Decision]] = field(default_factory=dict)  #: id -> (line, decision)
    removed: dict[str, Decision] = field(default_factory=dict)
    linked: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  #: ids that a decision names together

    def add(self, decision: Decision) -> None:
        """Take one more decision; a later one about the same ids replaces an earlier one."""
        self.lines.append(decision)
        pair = frozenset(decision.ids)
        for name in decision.ids:
            self.linked[name] |= pair - {name}
        if decision.decision == "merge":
            self.merged[pair] = decision
            self.parted.pop(pair, None)
        elif decision.decision == "unmerge":
            self.parted[pair] = decision
            self.merged.pop(pair, None)
        elif decision.decision == "division":
            self.divisions[decision.ids[0]] = len(self.lines), decision
        else:
            self.removed |= dict.fromkeys(decision.ids, decision)


def read(path: Path) -> Decisions:
    """Read the file; a missing one holds no decisions.

    Raises:
        DecisionError: a line cannot be used.
        OSError: the file cannot be read.
    """
    decisions = Decisions()
    if not path.exists():
        return decisions
    body = path.read_bytes()
    decisions.digest = sha256(body).hexdigest()
    for number, line in enumerate(body.decode("utf-8", "replace").split("\n"), 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
            if not isinstance(values, dict) or set(values) | {"division"} != {one.name for one in fields(Decision)}:
                raise DecisionError("a decision has decision, ids, division, who, when and why")
            decisions.add(Decision(**values).check())
        except (ValueError, TypeError, DecisionError) as error:
            message = " ".join(str(error).split())
            raise DecisionError(f"{path} line {number} cannot be used ({message}): mend or delete the line") from None
    return decisions
