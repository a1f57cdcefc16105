"""Serving the archive: one plain `datasette` command with every flag, checked beforehand, printed, and run as printed."""

from __future__ import annotations

import errno
import json
import shlex
import socket
import sqlite3
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path

from archive.read import open_archive


class CannotServe(Exception):
    """The archive cannot be served; the message names the value and the fix."""


def datasette_arguments(site: Path, database: Path, *, host: str, port: int) -> list[str]:
    """Return the arguments of `datasette` that serve the archive: every setting is spelt out.

    Args:
        site: the folder with metadata.yaml, settings.json, templates/, plugins/ and static/.
        database: archive.db.
        host: address to listen on.
        port: port to listen on.
    """
    site, database = site.resolve(), database.resolve()
    arguments = ["serve", str(database), "--host", host, "--port", str(port)]
    arguments += ["--metadata", str(site / "metadata.yaml")]
    if not version("datasette").startswith("0."):  # 1.0 keeps queries and facets in a file that 0.65 does not know
        arguments += ["--config", str(site / "datasette.yaml")]
    arguments += ["--template-dir", str(site / "templates"), "--plugins-dir", str(site / "plugins")]
    arguments += ["--static", f"static:{site / 'static'}"]
    for name, value in json.loads((site / "settings.json").read_text("utf-8")).items():
        arguments += ["--setting", name, {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)]
    return arguments


def shown(arguments: list[str]) -> str:
    """Return the command as a line to copy into a shell."""
    return shlex.join(["datasette", *arguments])


def address(host: str, port: int) -> str:
    """Return the address a browser opens."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach that host."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check(database: Path, *, host: str, port: int) -> None:
    """Make sure that Datasette could start.

    Raises:
        CannotServe: there is no archive, it cannot be read, or nothing can listen on that host and port.
    """
    try:
        open_archive(database).close()
    except FileNotFoundError as error:
        raise CannotServe(str(error)) from None
    except sqlite3.Error as error:
        raise CannotServe(f"{database}: not an archive that can be read ({error}); `fazhi rebuild` makes it again") from None
    if not 1 <= port <= 65535:
        raise CannotServe(f"port {port} is out of range: choose one from 1 to 65535 with --port")
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(place)
            probe.listen(1)
    except OSError as error:
        fix = {
            errno.EADDRINUSE: f"port {port} on {host} is in use: choose another with --port",
            errno.EACCES: f"port {port} needs rights that you do not have: choose one from 1024 up with --port",
            errno.EADDRNOTAVAIL: f"host {host} is no address of this machine: try --host 127.0.0.1",
        }
        unknown = f"cannot listen on host {host}, port {port}: {error.strerror or error}; try --host 127.0.0.1"
        raise CannotServe(fix.get(error.errno or 0, unknown)) from None
