"""Feeds, sitemaps, robots.txt and previews: well-formed, stable, and only ever about this site."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any
from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree, html

from archive import feeds
from tests.reports import HOSTILE, REPORTS, identifier, make_archive
from tests.site.conftest import Get, get_from

ATOM = {"a": feeds.ATOM}
MAP = {"s": feeds.SITEMAP}


def xml(get: Get, path: str, **parameters: str) -> Any:
    answer = get(path, **parameters)
    assert answer.status_code == 200, answer.text
    assert "xml" in answer.headers["content-type"]
    return etree.fromstring(answer.content)


def test_feed_is_valid_atom(get: Get) -> None:
    answer = get("/feed.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(answer.content)
    assert feed.tag == f"{{{feeds.ATOM}}}feed"
    for path in ("a:id", "a:title", "a:updated", "a:link[@rel='self']", "a:link[@rel='alternate']"):
        assert len(feed.findall(path, ATOM)) == 1, path
    entries = feed.findall("a:entry", ATOM)
    assert len(entries) == 9
    times = "a:updated", "a:published"
    for entry in entries:
        for path in ("a:id", "a:title", "a:updated", "a:author/a:name", "a:link", "a:summary"):
            assert len(entry.findall(path, ATOM)) == 1, path
        assert re.fullmatch(r"tag:[a-z.-]+,\d{4}:report/fz[0-9a-f]{16}", entry.findtext("a:id", namespaces=ATOM))
        for path in times:
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+08:00)", entry.findtext(path, namespaces=ATOM))
        assert get(entry.find("a:link", ATOM).get("href").removeprefix("http://localhost")).status_code == 200
    ids = [entry.findtext("a:id", namespaces=ATOM) for entry in entries]
    assert len(set(ids)) == 9
    assert f"{feeds.TAG}report/{identifier(10)}" not in ids  # removed
    assert HOSTILE in [entry.findtext("a:title", namespaces=ATOM) for entry in entries]


@pytest.mark.parametrize(
    ("asked", "number"),
    [({"province": "南屿省"}, 2), ({"issuer": "司法局"}, 1), ({"q": "法律援助"}, 1), ({"q": "法律援助", "province": "南屿省"}, 0),
     ({"q": "行政復議"}, 7), ({"q": '"'}, 0)],
)  # fmt: skip
def test_feed_of_a_part(get: Get, asked: dict[str, str], number: int) -> None:
    feed = xml(get, "/feed.atom", **asked)
    assert len(feed.findall("a:entry", ATOM)) == number
    assert feed.findtext("a:id", namespaces=ATOM) != xml(get, "/feed.atom").findtext("a:id", namespaces=ATOM)


def test_what_xml_cannot_hold(tmp_path: Path) -> None:
    odd = "报告\x00\x0b\ufffe]]>&<"
    get = get_from(make_archive(tmp_path / "archive.db", [{**REPORTS[0], "title": odd, "issuer": odd, "text": odd}]))
    assert xml(get, "/feed.atom").findtext("a:entry/a:title", namespaces=ATOM) == "报告]]>&<"


def test_sitemaps(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "ADDRESSES", 4)
    index = xml(get, "/sitemap.xml")
    maps = [loc.text.removeprefix("http://localhost") for loc in index.iterfind("s:sitemap/s:loc", MAP)]
    assert maps == ["/sitemap-pages.xml", "/sitemap-1.xml", "/sitemap-2.xml", "/sitemap-3.xml"]
    found = []
    for path in maps[1:]:
        urls = xml(get, path)
        assert len(urls) <= 4
        found += [loc.text.rpartition("/")[2] for loc in urls.iterfind("s:url/s:loc", MAP)]
    assert found == [identifier(n) for n in range(1, 10)]
    for path in ("/sitemap-4.xml", "/sitemap-999999.xml", "/sitemap-0.xml", "/sitemap-x.xml"):
        assert get(path).status_code == 404
    for loc in xml(get, "/sitemap-pages.xml").iterfind("s:url/s:loc", MAP):
        path = loc.text.removeprefix("http://localhost") or "/"
        assert get(path).status_code == 200 or path == "/search", path


def test_sitemap_tells_when_a_text_changed(tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "archive.db", REPORTS[:2])
    with sqlite3.connect(archive) as db:
        db.execute("update versions set first_seen = '2024-06-01T00:00:00.000Z' where report_id = ?", (identifier(2),))
    urls = xml(get_from(archive), "/sitemap-1.xml")
    assert [url.findtext("s:lastmod", namespaces=MAP) for url in urls] == [None, "2024-06-01"]


def test_robots(get: Get) -> None:
    answer = get("/robots.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "Sitemap: http://localhost/sitemap.xml" in answer.text
    robots = RobotFileParser()
    robots.parse(answer.text.splitlines())
    for path in ("/", f"/report/{identifier(1)}", "/coverage", "/downloads", "/about", "/feed.atom", "/coverage?code=960000"):
        assert robots.can_fetch("*", path), path
    for path in ("/archive/search", "/language/en", "/-/plugins", "/archive.json"):
        assert not robots.can_fetch("*", path), path


def test_every_page_names_the_feed_and_its_preview(get: Get) -> None:
    for path in ("/", "/coverage", "/about", f"/report/{identifier(6)}", "/archive/reports"):
        page = html.fromstring(get(path).text)
        assert page.xpath("//link[@type='application/atom+xml']/@href") == ["/feed.atom"], path
        assert page.xpath("//link[@rel='icon']/@href") == ["/static/favicon.svg"]
        assert page.xpath("//meta[@property='og:title']/@content")[0].strip(), path
        assert page.xpath("//meta[@property='og:url']/@content") == [f"http://localhost{path}"]
    assert get("/static/favicon.svg").status_code == 200


def test_addresses_under_a_prefix(archive: Path) -> None:
    get = get_from(archive, "--setting", "base_url", "/fazhi/")
    for path in ("/feed.atom", "/sitemap.xml", "/sitemap-1.xml", "/robots.txt"):
        text = get(path).text
        assert "http://localhost/fazhi/" in text, path
        assert not re.search(r"http://localhost/(?!fazhi/)", text), path
        assert "/fazhi/fazhi" not in text, path
    assert "Disallow: /fazhi/archive/search" in get("/robots.txt").text
    assert get("/language/en", back="/coverage").headers["location"] == "/fazhi/coverage"


def test_empty_archive(tmp_path: Path) -> None:
    get = get_from(make_archive(tmp_path / "archive.db", []))
    assert xml(get, "/feed.atom").findall("a:entry", ATOM) == []
    assert len(xml(get, "/sitemap.xml")) == 1
    for path in (
        "/coverage",
        "/coverage?code=960000",
        "/coverage/list",
        "/trends?q=复议",
        "/status",
        "/downloads",
        "/about",
        "/api",
    ):
        assert get(path).status_code == 200, path
