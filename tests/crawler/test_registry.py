"""The registry: entries read and refused, sites chosen, and what ships."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawler.dialects import DIALECTS as READABLE
from crawler.registry import DIALECTS, KEYS, SHIPPED, RegistryError, Site, load_file, load_sites, netloc, parse_entry, select
from crawler.search.engines import ENGINES, find_engine

ROOT = Path(__file__).parents[2]
GOOD: dict[str, Any] = {"id": "jia", "name": "甲县人民政府", "code": "330799", "home": "https://www.jia.gov.cn/"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"hom": "x"}, "unknown key 'hom'"),
        ({"id": "Jia Xian"}, "lower-case"),
        ({"id": 7}, "id is missing"),
        ({"name": " "}, "name is missing"),
        ({"code": 330702}, "in quotes"),
        ({"code": "33070"}, "6 or 9 digits"),
        ({"dialect": "hanwebb"}, "unknown dialect 'hanwebb'"),
        ({"home": "www.jia.gov.cn"}, "no http(s) address"),
        ({"home": "http://www.jia.gov.cn:80a/"}, "no http(s) address"),
        ({"lists": "http://www.jia.gov.cn/"}, "must be a list"),
        ({"lists": ["ftp://www.jia.gov.cn/"]}, "no http(s) address"),
        ({"lists": ["http://[jia/"]}, "no http(s) address"),
        ({"hosts": ["http://x.gov.cn/"]}, "host or host:port"),
        ({"home": ""}, "neither home nor lists"),
        ({"expect": {"min_report": 3}}, "unknown key 'min_report'"),
        ({"expect": {"min_reports": "3"}}, "whole number"),
        ({"expect": {"min_reports": True}}, "whole number"),
        ({"search": {"engine": "irs", "link": "x"}}, "unknown key 'link'"),
        ({"search": {"engine": "irs", "url": "x"}}, "no http(s) address"),
        ({"search": {"engine": "irs"}}, "needs an engine and a url"),
        ({"search": {"engine": 5, "url": "http://s.jia.gov.cn/"}}, "needs an engine and a url"),
        (
            {"search": {"engine": "jrobott", "url": "http://s.jia.gov.cn/"}},
            "unknown engine 'jrobott' in search; known: jrobot, jsearch",
        ),
        ({"search": {"engine": "irs", "url": "http://s.jia.gov.cn/?q={words}"}}, "unknown placeholder {words}"),
        ({"search": {"engine": "template", "url": "http://s.jia.gov.cn/?p={page}"}}, "needs {query}"),
    ],
)
def test_what_is_wrong_is_named(change: dict[str, Any], says: str) -> None:
    with pytest.raises(RegistryError) as caught:
        parse_entry({**GOOD, **change}, "sites.yaml entry 1")
    assert says in str(caught.value)
    assert "sites.yaml entry 1" in str(caught.value)


@pytest.mark.parametrize("text", ["id: jia", "- [1]", "- id: [", "\xff", ""])
def test_files_that_are_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(RegistryError, match=r"x\.yaml"):
        load_file(file)
    with pytest.raises(RegistryError, match="no such file"):
        load_file(tmp_path / "y.yaml")


def test_an_id_stands_once_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(yaml.safe_dump([GOOD, GOOD]), "utf-8")
    with pytest.raises(RegistryError, match="twice"):
        load_file(file)


def test_own_entries_go_over_ours(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    mine = {**GOOD, "id": "wucheng", "name": "我的"}
    (tmp_path / "sites" / "33-zhejiang.yaml").write_text(yaml.safe_dump([mine, GOOD]), "utf-8")
    sites = {site.id: site for site in load_sites(data=tmp_path)}
    assert sites["wucheng"].name == "我的"
    assert len(sites) == len(load_sites()) + 1


def test_netloc() -> None:
    assert netloc("http://WWW.Jia.gov.cn:80/x") == netloc("https://www.jia.gov.cn:443/") == "www.jia.gov.cn"
    assert netloc("http://u:p@127.0.0.1:8001/") == netloc("127.0.0.1:8001") == "127.0.0.1:8001"


def test_netlocs_of_a_site() -> None:
    more = {
        "lists": ["http://xxgk.jia.gov.cn:8080/a"],
        "hosts": ["old.jia.gov.cn"],
        "search": {"engine": "irs", "url": "http://s.jia.gov.cn/"},
    }
    site = Site(**{**GOOD, **more})
    assert site.netlocs == {"www.jia.gov.cn", "xxgk.jia.gov.cn:8080", "old.jia.gov.cn", "s.jia.gov.cn"}
    assert site.as_dict()["netlocs"] == sorted(site.netlocs)


def test_select() -> None:
    sites = [Site(**GOOD), Site(**{**GOOD, "id": "yi", "code": "420117"}), Site(**{**GOOD, "id": "bu", "code": ""})]
    assert [site.id for site in select(sites)] == ["jia", "yi", "bu"]
    assert [site.id for site in select(sites, ids=["yi", "jia", "yi"])] == ["yi", "jia"]
    assert (
        [site.id for site in select(sites, province="33")] == [site.id for site in select(sites, province="330000")] == ["jia"]
    )
    with pytest.raises(RegistryError, match="jia"):
        select(sites, ids=["jja"])
    with pytest.raises(RegistryError, match="33, 42"):
        select(sites, province="99")


@pytest.fixture(scope="module")
def shipped() -> dict[str, list[Site]]:
    """The entries that ship, by file."""
    return {path.name: load_file(path) for path in sorted(SHIPPED.glob("*.yaml"))}


@pytest.fixture(scope="module")
def divisions() -> dict[str, str]:
    """Code -> name of every division."""
    with (ROOT / "cleaning" / "data" / "divisions.csv").open(encoding="utf-8") as stream:
        return {row["code"]: row["name"] for row in csv.DictReader(stream)}


def test_what_ships_names_each_government_once(shipped: dict[str, list[Site]]) -> None:
    entries = [site for sites in shipped.values() for site in sites]
    assert len(entries) >= 400
    for what in ([site.id for site in entries], [site.name for site in entries], [netloc(site.home) for site in entries]):
        assert not [one for one, number in Counter(what).items() if number > 1]
    homes = {netloc(site.home): site.id for site in entries}
    for site in entries:
        for url in [*site.lists, *site.hosts]:
            assert homes.get(netloc(url), site.id) == site.id, f"{site.id}: {url} is another site's host"


def test_what_ships_stands_in_the_file_of_its_province(shipped: dict[str, list[Site]], divisions: dict[str, str]) -> None:
    """Every code is in the table and fits the name; all provinces and all prefectures of the table are there."""
    for file, sites in shipped.items():
        for site in sites:
            if not site.code:
                assert file == "00-national.yaml" or site.name.startswith("新疆生产建设兵团"), site.id
                continue
            assert site.code[:2] == file[:2], site.id
            body = re.fullmatch(r"(.+)(?:人民政府|行政公署)", site.name)
            if body:  # 金华市婺城区 of 婺城区
                assert body[1].endswith(divisions[site.code]), site.id
                before = body[1].removesuffix(divisions[site.code])
                assert before in ("", divisions[f"{site.code[:4]}00"], divisions[f"{site.code[:2]}0000"]), site.id
            else:
                assert site.name.startswith(divisions[site.code]), site.id
    governments = {site.code for sites in shipped.values() for site in sites if re.search("(?:人民政府|行政公署)$", site.name)}
    no_government = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
    higher = {code for code, name in divisions.items() if re.fullmatch(r"\d{4}00", code) and name not in no_government}
    assert len({code for code in governments if code.endswith("0000")}) == 31
    assert not higher - governments


def test_what_ships_can_be_asked(shipped: dict[str, list[Site]]) -> None:
    """Government hosts only, dialects and engines that there are, lists apart from the home page, ids as people write them."""
    for sites in shipped.values():
        for site in sites:
            for url in [site.home, *site.lists, *site.hosts, *filter(None, [site.search.get("url")])]:
                assert netloc(url).partition(":")[0].endswith(".gov.cn"), url
            assert site.dialect in ("", *READABLE), site.id
            assert not site.search or find_engine(site.search["engine"]), site.id
            assert "{kw}" not in site.search.get("url", ""), site.id
            assert not {url.rstrip("/") for url in site.lists} & {site.home.rstrip("/")}, site.id
            assert re.fullmatch(r"[a-z]+(-[a-z]+)?", site.id), site.id
            assert all(least > 1 for least in site.expect.values()), f"{site.id}: none at all is an error as it is"


def test_files_are_written_alike() -> None:
    """A heading, entries in the order of codes, keys in one order: a diff shows what changed."""
    order = ["id", "name", "code", "home", "dialect", "lists", "search", "hosts", "legacy_tls", "expect"]
    assert set(order) == KEYS
    for path in SHIPPED.glob("*.yaml"):
        text = path.read_text("utf-8")
        assert text.startswith("# ")
        assert text.endswith("\n")
        entries = yaml.safe_load(text)
        codes = [entry["code"] for entry in entries if "code" in entry]
        assert codes == sorted(codes), path.name
        for entry in entries:
            assert list(entry) == sorted(entry, key=order.index), entry["id"]


def test_docs_name_every_key_and_dialect() -> None:
    text = (ROOT / "docs" / "registry.md").read_text("utf-8")
    for name in [*KEYS, *DIALECTS, *ENGINES, "min_reports", "engine", "url"]:
        assert f"`{name}`" in text, name
