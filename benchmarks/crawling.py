"""Throughput of the spider `reports` beside a bare Scrapy spider on the same loopback server, in the same run.

    python benchmarks/crawling.py [--pages 2000] [--rounds 3]

Both ask for the same pages with the same concurrency and no delay. The bare spider follows the links of the lists and does
nothing with what comes; ours obeys robots.txt, judges titles, stores every response in WARC and looks for attachments.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
ROWS = 20
#: Bytes of a page, as county sites serve them.
PAGE_BYTES = 62_000

SERVER = """
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
sys.path.insert(0, {folder!r})
from crawling import Handler
Handler.pages = {pages}
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
"""

BARE = """
import scrapy
from scrapy.crawler import CrawlerProcess

class Bare(scrapy.Spider):
    name = "bare"
    start_urls = [{url!r}]

    def parse(self, response):
        yield from response.follow_all(css="li a", callback=self.page)
        yield from response.follow_all(css="a.next")

    def page(self, response):
        pass

settings = {{"LOG_LEVEL": "ERROR", "CONCURRENT_REQUESTS": 200, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "DOWNLOAD_DELAY": 0}}
process = CrawlerProcess(settings)
process.crawl(Bare)
process.start()
"""


class Handler(BaseHTTPRequestHandler):
    """Lists of twenty rows, and report pages of 62 KB."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    pages = 0
    body = ("<p>2023年，甲县坚持依法行政，办理行政复议案件，推进法治政府建设各项工作取得新成效。</p>" * 500).encode()[
        :PAGE_BYTES
    ]

    def do_GET(self) -> None:
        """Answer."""
        if self.path == "/robots.txt":
            self.answer(404, b"")
        elif self.path.startswith("/list"):
            number = int(self.path.rpartition("_")[2].partition(".")[0] or 0)
            first = number * ROWS
            rows = "".join(
                f'<li><a href="/r/{n}.html">甲{n}镇2023年法治政府建设情况报告</a><span>2024-01-{n % 28 + 1:02}</span></li>'
                for n in range(first, min(first + ROWS, self.pages))
            )
            more = f'<a class="next" href="/list_{number + 1}.html">下一页</a>' if first + ROWS < self.pages else ""
            self.answer(200, f"<html><body><ul>{rows}</ul>{more}</body></html>".encode())
        else:
            title = f"甲{self.path[3:-5]}镇2023年法治政府建设情况报告"
            head = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div id='zoom'>".encode()
            self.answer(200, head + self.body + b"</div></body></html>")

    def answer(self, status: int, body: bytes) -> None:
        """Send an answer."""
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


def timed(command: list[str]) -> float:
    """Run a command and return how long it took, seconds.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    begin = time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def main() -> None:
    """Run both spiders in turn and print pages a second and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    code = SERVER.format(folder=str(Path(__file__).parent), pages=asked.pages)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        url = f"http://127.0.0.1:{server.stdout.readline().strip()}/list_0.html"
        ratios = []
        for n in range(asked.rounds):
            with tempfile.TemporaryDirectory() as folder:
                registry = Path(folder) / "sites.yaml"
                registry.write_text(yaml.safe_dump([{"id": "jia", "name": "甲县", "home": url, "lists": [url]}]), "utf-8")
                ours = [sys.executable, "fazhi.py", "crawl", "--no-build", "--data", folder, "--sites", str(registry)]
                for setting in ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=False", "CONCURRENT_REQUESTS_PER_DOMAIN=8"):
                    ours += ["-s", setting]
                bare = timed([sys.executable, "-c", BARE.format(url=url)])
                mine = timed([*ours, "-s", "LIST_PAGES_MAX=100000"])
            ratios.append(bare / mine)
            rates = f"bare {asked.pages / bare:.0f} pages/s, reports {asked.pages / mine:.0f} pages/s"
            print(f"round {n + 1}: {rates}, {ratios[-1]:.2f}")
        server.kill()
    print(f"reports / bare: {sorted(ratios)[len(ratios) // 2]:.2f} (median of {asked.rounds})")


if __name__ == "__main__":
    main()
