"""The registry: entries read and refused, sites chosen, and what ships."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawler.dialects import DIALECTS as READABLE
from crawler.registry import DIALECTS, KEYS, SHIPPED, RegistryError, Site, load_file, load_sites, netloc, parse_entry, select

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


def test_what_ships() -> None:
    """Each file holds one province's sites, with codes that there are, each id once, each quirk explained."""
    with (ROOT / "cleaning" / "data" / "divisions.csv").open(encoding="utf-8") as stream:
        codes = {row["code"] for row in csv.DictReader(stream)}
    ids: set[str] = set()
    for path in sorted(SHIPPED.glob("*.yaml")):
        for site in load_file(path):
            assert site.code[:2] == path.name[:2], site.id
            assert site.code in codes, site.id
            assert site.id not in ids
            assert all(host.endswith(".gov.cn") for host in site.netlocs), site.id
            assert site.dialect in ("", *READABLE), site.id
            ids.add(site.id)
    assert len(ids) >= 30


def test_docs_name_every_key_and_dialect() -> None:
    text = (ROOT / "docs" / "registry.md").read_text("utf-8")
    for name in [*KEYS, *DIALECTS, "min_reports", "engine", "url"]:
        assert f"`{name}`" in text, name
