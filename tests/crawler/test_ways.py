"""Ways to a host: where one scheme does not answer the other is tried, then www, and nothing is asked for twice."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from crawler.robots import other_ways
from tests.conftest import SampleSites
from tests.crawler.conftest import Crawl


@pytest.mark.parametrize(
    ("way", "others"),
    [
        ("http://www.jia.gov.cn", ["https://www.jia.gov.cn", "http://jia.gov.cn", "https://jia.gov.cn"]),
        ("https://jia.gov.cn", ["http://jia.gov.cn", "https://www.jia.gov.cn", "http://www.jia.gov.cn"]),
        ("http://127.0.0.1:8000", []),
    ],
)
def test_other_ways(way: str, others: list[str]) -> None:
    assert other_ways(way) == others


def test_a_site_that_answers_only_to_the_other_scheme_is_read(sample_sites: SampleSites, crawl: Crawl) -> None:
    entry: dict[str, Any] = next(
        one for one in yaml.safe_load(sample_sites.registry.read_text("utf-8")) if one["id"] == "chaling"
    )
    entry["home"] = entry["home"].replace("http:", "https:")
    entry["lists"] = [url.replace("http:", "https:") for url in entry["lists"]]
    crawl.entries.append(entry)
    way = {"http_proxy": sample_sites.proxy, "https_proxy": sample_sites.proxy, "no_proxy": ""}
    done = crawl.run("-s", "RETRY_TIMES=1", **way)
    assert f"{entry['name']}: 5 found, 5 fetched" in done.stdout, done.stdout + done.stderr
    asked = [line["path"] for line in sample_sites.log() if line["method"] == "GET"]
    assert len(asked) == len(set(asked))
    assert crawl.run("-s", "RETRY_TIMES=1", **way).stdout.startswith(f"chaling {entry['name']}: 5 found, 0 fetched")
