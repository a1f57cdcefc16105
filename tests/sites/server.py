"""Sample government sites on loopback: an HTTP proxy that answers for invented hosts, never for a real one.

python server.py [--port 0] [--log FILE]    prints `ready http://127.0.0.1:PORT`; ends when its stdin closes, or on SIGTERM
python server.py --truth                    prints what the sites hold, as JSON
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pages import Answer, plain
from routes import answer, routes, target
from truth import truth


class Log:
    """The requests that were answered, in memory and, one JSON object a line, in a file."""

    def __init__(self, path: Path | None) -> None:
        self.entries: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        self._stream = path.open("w", encoding="utf-8", buffering=1) if path else None

    def add(self, **entry: Any) -> None:
        """Keep one request."""
        with self._lock:
            self.entries.append(entry)
            if self._stream:
                self._stream.write(json.dumps(entry, ensure_ascii=False) + "\n")


class Server(ThreadingHTTPServer):
    """The proxy; `log` holds what it was asked."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, log: Path | None = None) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.log = Log(log)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Show what went wrong, but for a client that went away."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Answers a request in absolute form (as to a proxy) or in origin form with a Host header."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Server", ""
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 60
    server: Server

    def do_GET(self) -> None:
        """Answer a GET or HEAD."""
        self._answer({})

    do_HEAD = do_GET

    def do_POST(self) -> None:
        """Answer a form; pages that take none say 405."""
        length = self.headers.get("Content-Length", "0")
        sent = self.rfile.read(int(length) if length.isdecimal() else 0)
        self._answer(dict(parse_qsl(sent.decode("utf-8", "replace"), keep_blank_values=True)))

    def _answer(self, form: dict[str, str]) -> None:
        start = time.time()
        parts = urlsplit(self.path)
        host = (parts.netloc or self.headers.get("Host", "")).lower().removesuffix(":80")
        made = self._choose(host, parts.path or "/", parts.query, form)
        self.send_response(made.status)
        self.send_header("Content-Type", made.content_type)
        self.send_header("Content-Length", str(len(made.body)))
        if made.status == 405:
            self.send_header("Allow", "GET, HEAD")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(made.body)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        agent = self.headers.get("User-Agent", "")
        self.server.log.add(
            start=start, end=time.time(), method=self.command, host=host, path=path, status=made.status, user_agent=agent
        )
        self.wfile.flush()  # after the log: whoever has the answer can read of it there

    def _choose(self, host: str, path: str, query: str, form: dict[str, str]) -> Answer:
        if self.command == "POST" and not path.endswith((".jsp", ".asp")) and not path.startswith("/common/"):
            made = plain("405: this address takes no form\n", status=405) if host in routes() else None
        else:
            made = answer(host, path, {**dict(parse_qsl(query, keep_blank_values=True)), **form}, target(path, query))
        return made or plain(f"502: no such host: {host}\n", status=502)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: requests are in the log."""


def _stop(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)


def main() -> None:
    """Serve until stdin closes, or print the truth."""
    parser = argparse.ArgumentParser(description="Sample government sites, served by a proxy on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument("--log", type=Path, help="write every request there, one JSON object a line")
    parser.add_argument("--truth", action="store_true", help="print what the sites hold as JSON, and end")
    arguments = parser.parse_args()
    if arguments.truth:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        print(json.dumps(truth(), ensure_ascii=False, indent=1))
        return
    routes()
    try:
        server = Server(arguments.port, arguments.log)
    except OSError as error:
        parser.exit(1, f"server.py: cannot listen on port {arguments.port}: {error.strerror}\n")
    signal.signal(signal.SIGTERM, _stop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"ready http://127.0.0.1:{server.server_port}", flush=True)
    try:
        sys.stdin.buffer.read()
    except KeyboardInterrupt:  # the other way to end it by hand
        pass
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    main()
