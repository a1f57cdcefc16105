"""The spider `portals`: one hop from known portals, one request a new host, entries proposed in the registry's format."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from scrapy.http import HtmlResponse

from crawler.neighbours import Sign, directories, links_out
from crawler.registry import load_file
from tests.crawler.conftest import ROOT, Answer, Crawl, Loopback, html

Start = Callable[[dict[str, Any]], Loopback]
SPIDER = ("--spider", "portals")
PORTAL = "http://www.qinghe.gov.cn/"


def home(name: str = "", id_code: str = "", body: str = "<p>欢迎</p>") -> Answer:
    """A home page with the standard tags, in the odd spellings that sites have."""
    tags = f"<meta content='{name}' name='siteName'><META NAME=SiteIDCode content=\"{id_code}\">" if id_code else ""
    return html(f"<html><head><title>首页</title>{tags}</head><body>{body}</body></html>")


def neighbours(*hosts: str) -> str:
    """Links to hosts."""
    return "".join(f"<a href='http://{host}/'>{host}</a>" for host in hosts)


@pytest.fixture
def world(loopback: Start, crawl: Crawl) -> Loopback:
    """A portal of an invented city behind a proxy: its counties, departments and townships, and what is none of them."""
    links = f"""
        <select onchange="open(this.value)"><option value="">区县网站</option>
          <option value="http://www.jiashan.gov.cn">甲山县</option>
          <option value="http://www.yishui.gov.cn/index.html">乙水县</option></select>
        <map><area href="http://mzj.qinghe.gov.cn/zwgk/"></map>
        <a href="/wzdh/">网站导航</a><a href="/news/">新闻</a>
        <a href="#" onclick="window.open('http://bing.qinghe.gov.cn/')">丙街道</a>
        {neighbours("known.gov.cn", "www.qinghe.gov.cn", "beian.miit.gov.cn", "www.shop.example", "www.jiashan.gov.cn")}"""
    crawl.entries.append({"id": "qinghe", "name": "青禾市人民政府", "code": "330900", "home": PORTAL})
    crawl.entries.append({"id": "jiashan", "name": "旧山县人民政府", "home": "http://www.known.gov.cn/"})
    column = "<a href='/col/col1229/index.html'>公开</a><script>var dataproxy='/module/web/jpage/dataproxy.jsp'</script>"
    return loopback(
        {
            PORTAL: home("青禾市人民政府门户网站", "3309000001", links),
            f"{PORTAL}wzdh/": html(neighbours("ding.qinghe.gov.cn", "wu.qinghe.gov.cn", "ji.qinghe.gov.cn")),
            "http://www.jiashan.gov.cn/": home("甲山县人民政府门户网站", "3309210002"),
            "http://www.yishui.gov.cn/": home("中国·乙水", "3309220003", column),
            "http://mzj.qinghe.gov.cn/": home("青禾市民政局网", "3309000013"),
            "http://bing.qinghe.gov.cn/": home("丙街道", ""),
            "http://ding.qinghe.gov.cn/": home("丁镇人民政府", "3309000077"),
            "http://ding.qinghe.gov.cn/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /\n"),
            "http://wu.qinghe.gov.cn/": (302, {"Location": PORTAL}, b""),
            "http://ji.qinghe.gov.cn/": (412, {}, b"<script>$_ts={}</script>"),
            "http://www.known.gov.cn/": home("旧山县人民政府", "3309230004"),
        }
    )


def test_proposals(world: Loopback, crawl: Crawl) -> None:
    done = crawl.run(*SPIDER, "--site", "qinghe", http_proxy=world.url)
    file = crawl.data / "crawl" / "proposed.yaml"
    assert f"3 new entries proposed in {file}" in done.stdout, done.stdout + done.stderr
    found = {site.home: site for site in load_file(file)}
    assert {home: (site.id, site.name, site.code) for home, site in found.items()} == {
        "http://www.jiashan.gov.cn/": ("jiashan-330921", "甲山县人民政府", "330921"),
        "http://www.yishui.gov.cn/": ("yishui", "中国·乙水", "330922"),
        "http://mzj.qinghe.gov.cn/": ("mzj-qinghe", "青禾市民政局", "330900"),
    }
    assert {site.id: site.dialect for site in found.values() if site.dialect} == {"yishui": "hanweb"}
    assert f"# SiteIDCode 3309210002, linked from {PORTAL}" in file.read_text("utf-8")
    asked = Counter(path for path in world.paths() if not path.endswith("robots.txt"))
    assert max(asked.values()) == 1
    assert "http://ding.qinghe.gov.cn/" not in asked
    assert not [path for path in asked if "shop.example" in path or "miit" in path or "/news/" in path or "known" in path]
    assert not list((crawl.data / "sites").glob("*"))
    said = crawl.rows("select url, reason from attempts where reason in ('robots_disallowed', 'challenge_412')")
    assert {reason for _, reason in said} == {"robots_disallowed", "challenge_412"}
    before = file.read_bytes()
    world.visits.clear()
    again = crawl.run(*SPIDER, "--site", "qinghe", http_proxy=world.url)
    assert "0 new entries proposed" in again.stdout
    assert file.read_bytes() == before
    assert "http://bing.qinghe.gov.cn/" not in world.paths(), "a host without SiteIDCode is asked once"


@pytest.mark.slow
def test_hosts_are_limited_in_a_run_and_the_next_goes_on(world: Loopback, crawl: Crawl) -> None:
    assert "1 new entries proposed" in crawl.run(*SPIDER, "--site", "qinghe", "--limit", "1", http_proxy=world.url).stdout
    assert "1 new entries proposed" in crawl.run(*SPIDER, "--site", "qinghe", "--limit", "1", http_proxy=world.url).stdout
    command = [sys.executable, "-m", "scrapy", "crawl", "portals", "-s", "DOWNLOAD_DELAY=0.01", "-s", "PORTAL_HOSTS_MAX=1"]
    for argument in ("site=qinghe", f"sites={crawl.folder / 'sites.yaml'}", f"data={crawl.data}"):
        command += ["-a", argument]
    run = subprocess.run(
        command, cwd=ROOT, env=crawl.environment(http_proxy=world.url), capture_output=True, text=True, timeout=60
    )
    assert "1 new entries proposed" in run.stdout, run.stderr
    assert len(load_file(crawl.data / "crawl" / "proposed.yaml")) == 3


def test_what_a_kill_left_in_the_store_is_proposed(world: Loopback, crawl: Crawl) -> None:
    crawl.run(*SPIDER, "--site", "qinghe", http_proxy=world.url)
    file = crawl.data / "crawl" / "proposed.yaml"
    before = {site.home for site in load_file(file)}
    file.unlink()
    world.visits.clear()
    crawl.run(*SPIDER, "--site", "qinghe", http_proxy=world.url)
    assert {site.home for site in load_file(file)} == before
    assert not before & set(world.paths())


def test_a_proposals_file_that_cannot_be_used_is_named(world: Loopback, crawl: Crawl) -> None:
    file = crawl.data / "crawl" / "proposed.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("- id: Ä\n  name: x\n", "utf-8")
    done = crawl.run(*SPIDER, http_proxy=world.url)
    assert done.returncode != 0
    assert "proposed.yaml" in done.stderr
    assert "mend the file or move it away" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("tags", "name", "code"),
    [
        (
            "<meta name='SiteName' content='乙县人民政府'><meta name='SiteIDCode' content='3309210001'>",
            "乙县人民政府",
            "330921",
        ),
        ("<meta content=bm01000001 name=SITEIDCODE><meta name='SiteName' content='某某部'>", "某某部", ""),
        ("<meta name='SiteIDCode' content='3309'>", None, ""),
        ("", None, ""),
    ],
)
def test_sign(tags: str, name: str | None, code: str) -> None:
    page = HtmlResponse("http://a.gov.cn/", body=f"<html><head>{tags}</head><body></body></html>".encode(), encoding="utf-8")
    sign = Sign.read(page)
    assert (sign and (sign.name, sign.code)) == (name and (name, code))


def test_links_and_directories() -> None:
    body = "<a href='//B.gov.cn:8080/x'>乙</a><a href='http://b.gov.cn:8080/y'>乙</a><a href='/a'>友情链接</a><a href='/b'>链接失效</a>"
    page = HtmlResponse("http://a.gov.cn/", body=f"<html><body>{body}</body></html>".encode(), encoding="utf-8")
    assert links_out(page) == ["http://b.gov.cn:8080/"]
    assert directories(page) == ["http://a.gov.cn/a"]
