"""`fazhi serve`: what it refuses, what it prints, and that it runs what it prints."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

import fazhi
from archive.serve import CannotServe, address, check, datasette_arguments, is_loopback, shown
from tests.reports import make_archive

ROOT = Path(__file__).parents[2]
SITE = ROOT / "datasette"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return make_archive(tmp_path / "archive.db")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def refused(data: Path, *arguments: str) -> str:
    result = CliRunner().invoke(fazhi.main, ["serve", "--data", str(data), *arguments])
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert result.output.count("\n") == 1
    return result.output


def test_every_setting_is_on_the_line(archive: Path) -> None:
    arguments = datasette_arguments(SITE, archive, host="127.0.0.1", port=8001)
    settings = json.loads((SITE / "settings.json").read_text("utf-8"))
    pairs = {arguments[n + 1]: arguments[n + 2] for n, argument in enumerate(arguments) if argument == "--setting"}
    assert pairs.keys() == settings.keys()
    assert (pairs["suggest_facets"], pairs["default_allow_sql"], pairs["sql_time_limit_ms"]) == ("off", "on", "3000")
    for flag in ("--metadata", "--template-dir", "--plugins-dir", "--static", "--host", "--port"):
        assert flag in arguments
    assert shlex.split(shown(arguments)) == ["datasette", *arguments]


def test_a_path_with_spaces_can_be_copied(tmp_path: Path) -> None:
    folder = tmp_path / "my data"
    line = shown(datasette_arguments(SITE, folder / "archive.db", host="127.0.0.1", port=8001))
    assert str(folder / "archive.db") in shlex.split(line)


def test_port_in_use(archive: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"port {port} on 127.0.0.1 is in use" in refused(archive.parent, "--port", str(port))


@pytest.mark.parametrize("port", ["0", "65536", "99999", "-1"])
def test_port_out_of_range(archive: Path, port: str) -> None:
    assert f"port {port} is out of range" in refused(archive.parent, f"--port={port}")


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid"])
def test_host_that_is_not_here(archive: Path, host: str) -> None:
    assert host in refused(archive.parent, "--host", host, "--port", str(free_port()))


def test_no_archive(tmp_path: Path) -> None:
    assert "no archive here" in refused(tmp_path)
    assert "no archive here" in refused(tmp_path / "missing")


def test_broken_archive(tmp_path: Path) -> None:
    (tmp_path / "archive.db").write_bytes(b"x" * 5000)
    assert "not an archive that can be read" in refused(tmp_path)
    (tmp_path / "archive.db").write_bytes(b"")
    assert "not an archive that can be read" in refused(tmp_path)


def test_loopback() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.8.8.8", "::1", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "192.168.1.5", "example.cn")))
    assert address("0.0.0.0", 80) == "http://127.0.0.1:80/"
    assert address("::1", 80) == "http://[::1]:80/"


def test_check_leaves_the_port_free(archive: Path) -> None:
    port = free_port()
    check(archive, host="127.0.0.1", port=port)
    check(archive, host="127.0.0.1", port=port)
    with pytest.raises(CannotServe, match="out of range"):
        check(archive, host="127.0.0.1", port=70000)


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_serves_until_it_is_stopped(archive: Path, stop: signal.Signals) -> None:
    """One process: the signal reaches Datasette itself, and nothing stays behind."""
    port = free_port()
    command = [sys.executable, "-m", "fazhi", "serve", "--data", str(archive.parent), "--port", str(port)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as server:
        assert server.stdout
        line = server.stdout.readline().strip()
        assert server.stdout.readline().strip() == f"http://127.0.0.1:{port}/"
        running = Path(f"/proc/{server.pid}/cmdline")
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
                    assert "法治政府建设情况报告" in answer.read().decode()
                break
            except urllib.error.URLError:
                time.sleep(0.2)
        else:
            pytest.fail("nothing answers")
        if running.exists():
            ran = running.read_bytes().decode().rstrip("\0").split("\0")
            assert ran[ran.index("datasette") :] == shlex.split(line)
        server.send_signal(stop)
        _, errors = server.communicate(timeout=20)
        assert "Traceback" not in errors
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/")


def test_warns_when_others_can_reach_it(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda program, arguments: ran.append(arguments))
    result = CliRunner().invoke(
        fazhi.main, ["serve", "--data", str(archive.parent), "--host", "0.0.0.0", "--port", str(free_port())]
    )
    assert result.exit_code == 0
    assert "other machines can reach this site" in result.stderr
    assert ran[0][1:3] == ["-m", "datasette"]
    assert shlex.split(result.stdout.splitlines()[0])[1:] == ran[0][3:]
