"""Fixtures that every test may use: the sample government sites, running."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# The same examples every time: a new one that fails is found by whoever looks for it, not by the next who changes a word.
settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")

SITES = Path(__file__).parent / "sites"


@dataclass(frozen=True, kw_only=True)
class SampleSites:
    """The sample sites, served by a process of its own."""

    proxy: str  #: address of the proxy that answers for them
    truth: dict[str, Any]  #: what they hold: see tests/sites/truth.py
    registry: Path  #: what `fazhi crawl --sites` takes
    log_file: Path

    def log(self) -> list[dict[str, Any]]:
        """Return the requests so far: start and end (seconds), method, host, path, status, user_agent."""
        return [json.loads(line) for line in self.log_file.read_text("utf-8").splitlines()]


@pytest.fixture(scope="session")
def sites_truth() -> dict[str, Any]:
    """What the sample sites hold, without serving them."""
    run = subprocess.run([sys.executable, SITES / "server.py", "--truth"], check=True, capture_output=True)
    truth: dict[str, Any] = json.loads(run.stdout)
    return truth


@pytest.fixture
def sample_sites(tmp_path: Path, sites_truth: dict[str, Any]) -> Iterator[SampleSites]:
    """Serve the sample sites for one test, with an empty log."""
    log = tmp_path / "requests.jsonl"
    command = [sys.executable, str(SITES / "server.py"), "--log", str(log)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin
        assert server.stdout
        ready, _, proxy = server.stdout.readline().strip().partition(" ")
        assert ready == "ready"
        yield SampleSites(proxy=proxy, truth=sites_truth, registry=SITES / "sites.yaml", log_file=log)
        server.stdin.close()
        assert server.wait(10) == 0
