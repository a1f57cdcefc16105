"""The content security policy: on every answer, without unsafe-inline, and kept by our own pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html

from tests.reports import identifier
from tests.site.conftest import SITE, Get, get_from

OURS = ["/", "/coverage", "/coverage?code=960000", "/coverage/list", "/trends?q=复议", "/downloads", "/status", "/about", "/api",
        "/archive", "/archive/sites", "/archive/reports", "/archive/reports/6", "/archive/search?q=复议", "/archive?sql=select+1",
        f"/report/{identifier(6)}", f"/report/{identifier(8)}", f"/report/{identifier(10)}", "/nix"]  # fmt: skip
STOCK = ["/-/plugins", "/-/settings", "/-/versions", "/-/metadata", "/-/actor", "/-/permissions", "/-/allow-debug", "/-/logout"]
OTHERS = ["/feed.atom", "/coverage.json", "/static/archive.css", "/archive/reports.json", "/archive/reports.csv", "/robots.txt",
          "/downloads/2024.1.0/x", "/report/nix", "/archive/reports?_where='"]  # fmt: skip


def directives(policy: str) -> dict[str, list[str]]:
    return {words[0]: words[1:] for words in (part.split() for part in policy.split(";"))}


@pytest.mark.parametrize("path", OURS + STOCK + OTHERS)
def test_every_answer_is_bound(get: Get, path: str) -> None:
    answer = get(path)
    policy = directives(answer.headers["content-security-policy"])
    assert "'unsafe-inline'" not in answer.headers["content-security-policy"]
    assert "'unsafe-eval'" not in answer.headers["content-security-policy"]
    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "set-cookie" not in answer.headers
    if path in OURS:
        assert policy["script-src"] == policy["style-src"] == ["'self'"]


def test_refusals_are_bound_too(get: Get) -> None:
    answer = get("/archive/search?q=" + "、" * 10_000)
    assert answer.status_code == 400
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("path", OURS + STOCK)
def test_pages_keep_their_policy(get: Get, path: str) -> None:
    answer = get(path)
    if not answer.headers["content-type"].startswith("text/html"):
        return
    page = html.fromstring(answer.text)
    allowed = re.findall(r"'nonce-([\w-]+)'", answer.headers["content-security-policy"])
    for node in page.xpath("//style | //script[not(@src)]"):
        assert node.get("nonce") in allowed, path
    if path in OURS:
        assert not page.xpath("//@style | //style | //script[not(@src)] | //@*[starts-with(name(), 'on')]"), path
    for address in page.xpath("//link/@href | //script/@src | //img/@src | //form/@action | //iframe/@src"):
        assert address.startswith("/") or address.startswith("http://localhost/"), (path, address)


def test_a_nonce_is_used_once(get: Get) -> None:
    """Datasette's permission pages hold styles of their own."""
    pages = [page for _ in range(2) for path in STOCK if "nonce-" in (page := get(path)).headers["content-security-policy"]]
    nonces = [re.search(r"'nonce-([\w-]+)'", page.headers["content-security-policy"])[1] for page in pages]  # type: ignore[index]
    assert len(nonces) == len(set(nonces))
    for page, nonce in zip(pages, nonces, strict=True):
        assert f'nonce="{nonce}"' in page.text


def test_data_never_get_a_nonce(get: Get) -> None:
    page = get(f"/report/{identifier(8)}").text
    assert "nonce" not in page


def test_our_templates_need_no_inline_code() -> None:
    for path in (SITE / "templates").glob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text.replace("startswith", "")), path.name
        assert path.name == "base.html" or not re.search(r"<script(?![^>]*\ssrc=)", text), path.name


def test_the_plain_command_is_as_safe(archive: Path) -> None:
    """Plugins do it, so any way of starting Datasette on these folders is bound."""
    get = get_from(archive, "--setting", "base_url", "/fazhi/")
    assert directives(get("/coverage").headers["content-security-policy"])["script-src"] == ["'self'"]
