"""The sample government sites: every address answers, and what the truth says of a page stands in it."""

from __future__ import annotations

import http.client
import io
import json
import re
import signal
import subprocess
import sys
import zipfile
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

from archive.raw import REASONS
from cleaning.document import LEVELS, QUALITY_FLAGS, REJECTIONS
from crawler.registry import load_file
from tests.conftest import SITES, SampleSites

NEAR_GENRES = {
    "plan", "notice", "inspection", "interpretation", "meeting_news", "deliberation", "disclosure_report",
    "personal_duty_report", "study", "work_report",
}  # fmt: skip


def fetch(sites: SampleSites, url: str, form: str | None = None, method: str = "") -> tuple[int, str, bytes]:
    """Ask the proxy for an address, as a browser behind a proxy does: status, content type, body."""
    connection = http.client.HTTPConnection(urlsplit(sites.proxy).netloc, timeout=30)
    headers = {"User-Agent": "test", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(method or ("GET" if form is None else "POST"), url, body=form, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers.get("Content-Type", ""), body


def page(sites: SampleSites, url: str) -> str:
    """The source of a page that must be there, decoded."""
    status, content_type, body = fetch(sites, url)
    assert status == 200, url
    head = f"{content_type} {body[:600].decode('ascii', 'replace')}"
    return body.decode("gb18030" if "gb2312" in head else "utf-8")


def visible(source: str) -> str:
    """The words of a page, without tags and white space."""
    return re.sub(r"\s", "", unescape(re.sub(r"<[^>]*>", "", source)))


def links(source: str) -> list[str]:
    return [unescape(href) for href in re.findall(r'<a href="([^"]+)"', source)]


def rows(sites: SampleSites, site: str) -> set[str]:
    """The addresses that the lists of a site must lead to, as far as the truth names them."""
    pages = [url for report in sites.truth["report_list"] for url in report["sources"]]
    pages += [entry["url"] for entry in sites.truth["rejected_pages"]]
    return {url for url in pages if urlsplit(url).netloc == f"www.{site}.example"}


def test_truth_agrees_with_itself(sites_truth: dict[str, Any]) -> None:
    reports, sites = sites_truth["report_list"], sites_truth["sites"]
    assert sites_truth["reports"] == len(reports) == len({report["canonical"] for report in reports}) == 36
    assert sum(site["found"] - site["merged"] for site in sites.values()) == 36
    assert [report["slug"] for report in reports if report["attachment"]] == ["qinghe-2023"]
    assert len({report["site"] for report in reports}) == 9
    assert {report["level"] for report in reports} == set(LEVELS) - {"national"}
    assert len({report["year"] for report in reports}) >= 3
    assert {reason for site in sites.values() for reason in site["rejected"]} == NEAR_GENRES | {"soft_404"} <= set(REJECTIONS)
    blocked = {reason for site in sites.values() for reason in site["blocked"]}
    assert blocked == {"challenge_412", "robots_disallowed", "http_404", "list_trap"} <= set(REASONS)
    assert sum(len(report["sources"]) - 1 for report in reports) == sum(site["merged"] for site in sites.values()) >= 3
    for report in reports:
        assert set(report["flags"]) <= set(QUALITY_FLAGS)
        assert sum(map(len, report["text"])) >= 2000, report["slug"]
        assert str(report["year"]) in report["title"]


def test_registry_is_one_that_crawl_takes(sites_truth: dict[str, Any]) -> None:
    sites = load_file(SITES / "sites.yaml")
    assert [site.id for site in sites] == list(sites_truth["sites"])
    assert {site.dialect for site in sites} == {"", "hanweb", "trs", "ucap", "table"}
    for site in sites:
        assert site.netlocs == {f"www.{site.id}.example"}
        assert site.expect.get("min_reports", 0) <= sites_truth["sites"][site.id]["found"]


def test_texts_stand_in_their_pages(sample_sites: SampleSites) -> None:
    for report in sample_sites.truth["report_list"]:
        for url in report["sources"]:
            source = page(sample_sites, url)
            if report["attachment"]:
                assert urljoin(url, next(href for href in links(source) if href.endswith(".docx"))) == report["attachment"]
                source = page_of_docx(fetch(sample_sites, report["attachment"])[2])
            elif "converted_from_traditional" in report["flags"]:
                assert "法治政府建設" in source
                continue
            words = visible(source)
            assert report["title"].replace(" ", "") in words
            position = 0
            for line in report["text"]:
                position = words.find(re.sub(r"\s", "", line), position)
                assert position >= 0, (url, line)
            assert ("[bookmark: _GoBack]" in source) == ("bookmark_residue" in report["flags"]) or url != report["canonical"]


def page_of_docx(document: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        assert archive.testzip() is None
        return archive.read("word/document.xml").decode()


def test_traditional_site_holds_its_texts(sample_sites: SampleSites) -> None:
    import opencc

    back = opencc.OpenCC("t2s")
    for report in sample_sites.truth["report_list"]:
        if report["site"] == "heyu":
            source = page(sample_sites, report["canonical"])
            assert "關於" in source
            assert "关于" not in source
            words = visible(back.convert(source))
            assert all(re.sub(r"\s", "", line) in words for line in [report["title"], *report["text"]])


def test_other_addresses_answer_as_the_truth_says(sample_sites: SampleSites) -> None:
    for entry in sample_sites.truth["rejected_pages"]:
        words = visible(page(sample_sites, entry["url"]))
        assert ("页面不存在" in words) == (entry["reason"] == "soft_404")
        assert len(words) > 400 or entry["reason"] == "soft_404"
    for attempt in sample_sites.truth["attempts"]:
        status, _, body = fetch(sample_sites, attempt["url"])
        assert status == {"http_404": 404, "challenge_412": 412}.get(attempt["reason"], 200)
        assert (b"$_ts=" in body) == (attempt["reason"] == "challenge_412")
    assert fetch(sample_sites, "http://www.wuyan.example/robots.txt")[0] == 404
    assert "Disallow: /nbgl/" in page(sample_sites, "http://www.lanquan.example/robots.txt")
    outside, forbidden = sample_sites.truth["never_fetched"]
    assert fetch(sample_sites, outside)[::2] == (502, b"502: no such host: www.yunxi-zx.example\n")
    assert "/nbgl/" in forbidden


def test_charsets_are_declared_where_the_site_declares_them(sample_sites: SampleSites) -> None:
    expected = {
        "guyan": ("utf-8", "UTF-8"), "yunxi": ("utf-8", "UTF-8"), "qinghe": ("utf-8", "utf-8"), "linlan": ("utf-8", "utf-8"),
        "mianchuan": ("gb2312", ""), "heyu": ("utf-8", "utf-8"), "lanquan": ("", "gb2312"), "cuiling": ("utf-8", "utf-8"),
        "chaling": ("utf-8", ""),
    }  # fmt: skip
    seen: dict[str, set[str]] = {site: set() for site in expected}
    for report in sample_sites.truth["report_list"]:
        _, content_type, body = fetch(sample_sites, report["canonical"])
        header = content_type.partition("charset=")[2]
        meta = re.search(rb"<meta[^>]*charset=[\"']?([\w-]+)", body, re.IGNORECASE)
        assert (header, meta[1].decode() if meta else "") == expected[report["site"]]
        if "gb2312" in expected[report["site"]]:
            with pytest.raises(UnicodeDecodeError):
                body.decode("utf-8")
            text = body.decode("gb18030")
            seen[report["site"]] |= {character for character in "镕喆〇堃珺" if character in text}
        else:
            body.decode("utf-8")
    assert seen["mianchuan"] >= {"镕", "喆", "〇"}
    assert seen["lanquan"]


def test_boilerplate_of_every_category_stands_on_some_page(sample_sites: SampleSites) -> None:
    sources = [page(sample_sites, report["canonical"]) for report in sample_sites.truth["report_list"]]
    words = "".join(sources) + "".join(map(visible, sources))
    assert len(sample_sites.truth["boilerplate"]) == 14
    for category, phrases in sample_sites.truth["boilerplate"].items():
        assert all(re.sub(r"\s", "", phrase) in words or phrase in words for phrase in phrases), category
    assert all(token in words for token in ("[bookmark: _GoBack]", "MsoNormal", "<o:p>", "<!--<$["))
    hosts = {urlsplit(url).hostname for source in sources for url in re.findall(r"https?://[^\s\"'<>)]+", source)}
    assert hosts <= {"www.w3.org"}
    for report in sample_sites.truth["report_list"]:
        joined = "\n".join(report["text"])
        phrases = [phrase for phrases in sample_sites.truth["boilerplate"].values() for phrase in phrases]
        assert not [phrase for phrase in phrases if phrase in joined], report["slug"]


def test_hanweb_records_come_in_the_page_and_by_proxy(sample_sites: SampleSites) -> None:
    column = "http://www.yunxi.example/col/col1440117/index.html"
    source = page(sample_sites, column)
    keys = "webid=2760&columnid=1440117&unitid=8102"
    assert all(key in source for key in keys.split("&"))
    embedded = re.findall(r"<record>.*?</record>", source, re.DOTALL)
    assert len(embedded) == 45
    proxy = "http://www.yunxi.example/module/web/jpage/dataproxy.jsp"
    record = re.compile(r"<record><!\[CDATA\[\s*(.*?)\s*\]\]></record>", re.DOTALL)
    by_form = fetch(sample_sites, f"{proxy}?startrecord=1&endrecord=500&perpage=15", f"col=1&{keys}")[2].decode()
    everything = record.findall(by_form)
    assert f"<totalrecord>{len(everything)}</totalrecord>" in by_form
    assert everything[:45] == [found for part in embedded for found in record.findall(part)]
    by_query = fetch(sample_sites, f"{proxy}?startrecord=46&endrecord=60&perpage=15&{keys}")[2].decode()
    assert record.findall(by_query) == everything[45:60]
    assert record.findall(fetch(sample_sites, f"{proxy}?page=2&{keys}")[2].decode()) == everything[45:]
    assert not record.findall(fetch(sample_sites, f"{proxy}?page=2&{keys}1")[2].decode())
    copies = page(sample_sites, "http://www.yunxi.example/col/col1440126/index.html")
    found = {urljoin(column, href) for href in links("".join(everything) + copies)}
    assert rows(sample_sites, "yunxi") <= found
    assert re.search(r'title="云溪市人民政府关于2021年法治政府建设情况的报告"[^>]*>云溪市人民政府关于2021年…<', by_form)


@pytest.mark.parametrize(
    ("site", "column", "second"),
    [("qinghe", "/zwgk/fzzfjsndbg/", 1), ("heyu", "/ztzl/fzzfjs/", 1), ("mianchuan", "/xxgk/qtfdxx/yfxz/", 2)],
)
def test_trs_lists_count_their_own_way(sample_sites: SampleSites, site: str, column: str, second: int) -> None:
    base = f"http://www.{site}.example{column}"
    first = page(sample_sites, base)
    call = re.search(r"createPageHTML\((?:'paging', )?(\d+), (\d), ['\"]index['\"], ['\"](s?html)['\"]", first)
    assert call
    total, ext = int(call[1]), call[3]
    assert int(call[2]) == second - 1
    assert ("'paging'" in first) == (second == 2)
    names = [f"index_{n}.{ext}" for n in range(second, total + second - 1)]
    sources = [first, *(page(sample_sites, base + name) for name in names)]
    assert page(sample_sites, f"{base}index.{ext}") == first
    assert fetch(sample_sites, f"{base}index_{total + second - 1}.{ext}")[0] == 404
    assert second == 1 or fetch(sample_sites, f"{base}index_1.{ext}")[0] == 404
    found = {urljoin(base, href) for source in sources for href in links(source)}
    assert {url for url in rows(sample_sites, site) if url.startswith(base)} <= found


def test_ucap_rows_come_as_json_and_one_list_never_ends(sample_sites: SampleSites) -> None:
    def rows_of(list_url: str, number: int) -> tuple[int, list[str]]:
        source = page(sample_sites, list_url)
        channel = re.search(r"\b[0-9a-f]{32}\b", source)
        assert channel
        query = f"page={number}&_pageSize=15&_isAgg=true&_isJson=true&_template=index"
        _, content_type, body = fetch(sample_sites, urljoin(list_url, f"/common/search/{channel[0]}?{query}"))
        assert content_type.startswith("application/json")
        data = json.loads(body)["data"]
        return data["total"], [urljoin(list_url, row["url"]) for row in data["results"]]

    for site, list_url in (("linlan", "/linlan/c100010/list.shtml"), ("cuiling", "/clx/c108016/list.shtml")):
        base = f"http://www.{site}.example{list_url}"
        total, _ = rows_of(base, 1)
        found = [url for number in range(1, -(-total // 15) + 1) for url in rows_of(base, number)[1]]
        assert len(found) == len(set(found)) == total > 30
        assert rows(sample_sites, site) <= set(found)
    trap = "http://www.cuiling.example/clx/c108044/list.shtml"
    assert rows_of(trap, 1) == rows_of(trap, 2) == rows_of(trap, 300)
    assert rows_of(trap, 1)[0] > 1000


@pytest.mark.parametrize(("site", "column"), [("lanquan", "/NewsList.asp?classid=27"), ("chaling", "/list.asp?m=3")])
def test_table_lists_end_with_their_last_page(sample_sites: SampleSites, site: str, column: str) -> None:
    url = f"http://www.{site}.example{column}"
    found: set[str] = set()
    visited = 0
    while url:
        source, visited = page(sample_sites, url), visited + 1
        found |= {urljoin(url, href) for href in links(source)}
        following = re.search(r'<a href="([^"]+)">下一页</a>', source)
        url = urljoin(url, unescape(following[1])) if following else ""
    assert visited >= 2
    assert rows(sample_sites, site) <= found


def test_server_answers_methods_and_keeps_a_log(sample_sites: SampleSites) -> None:
    url = "http://www.guyan.example/"
    status, _, body = fetch(sample_sites, url)
    assert status == 200
    assert fetch(sample_sites, url, method="HEAD")[::2] == (200, b"")
    assert fetch(sample_sites, url, "q=1")[0] == 405
    connection = http.client.HTTPConnection(urlsplit(sample_sites.proxy).netloc, timeout=30)
    connection.request("GET", "/", headers={"Host": "www.guyan.example"})  # origin form
    assert connection.getresponse().read() == body
    connection.close()
    log = sample_sites.log()
    assert [(entry["method"], entry["status"]) for entry in log] == [("GET", 200), ("HEAD", 200), ("POST", 405), ("GET", 200)]
    assert all(entry["host"] == "www.guyan.example" and entry["start"] <= entry["end"] for entry in log)
    assert log[0]["user_agent"] == "test"


def test_server_ends_on_sigterm() -> None:
    with subprocess.Popen([sys.executable, SITES / "server.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout
        assert server.stdout.readline().startswith(b"ready http://127.0.0.1:")
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0


def test_server_names_a_port_in_use(sample_sites: SampleSites) -> None:
    port = sample_sites.proxy.rpartition(":")[2]
    run = subprocess.run([sys.executable, SITES / "server.py", "--port", port], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stderr == f"server.py: cannot listen on port {port}: Address already in use\n"
