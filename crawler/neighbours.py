"""Neighbours of a portal: the hosts that its pages link to, and what a home page says of the site it belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from scrapy.http import HtmlResponse, TextResponse
from scrapy.utils.response import get_base_url

from cleaning.meta import read_meta
from crawler.links import address_of, entries
from crawler.registry import netloc

#: Elements that lead to other sites, and the attributes that say where: lists of links are often drop-down boxes.
_LEADS = {"a": ("href", "onclick"), "area": ("href", "onclick"), "option": ("value", "data-url", "data-href", "onclick")}
#: Pages of a portal that list further sites, by their captions.
_DIRECTORY = re.compile(
    r"网站(?:导航|地图|群|链接|大全)|(?:友情|相关|政府|部门|常用)(?:网站|链接)|(?:区|市|州|盟|县){1,3}(?:政府)?(?:网站|链接|导航)"
    r"|(?:乡镇|镇街|街道|部门|机构|单位)(?:[(（].{1,6}[)）])?(?:网站|链接|导航|子站)?|政府(?:机构|部门)|站点地图"
)
#: Government hosts in the foot of every page that are no government's site.
_EVERYWHERE = ("gov.cn", "beian.gov.cn", "beian.miit.gov.cn", "beian.mps.gov.cn", "zfwzgl.www.gov.cn")
_ID_CODE = re.compile(r"(?:(?P<code>\d{6})\d{4}|bm\d{8})", re.I)
_SUFFIX = re.compile(r"(?:门户|官方|公众|信息)*(?:网站|网)$")
#: How the name of a government, a department or a township's office ends.
_BODY = re.compile(r"(?:政府|委员会|管委会|局|厅|部|委|署|办公室|办事处)$")


@dataclass(frozen=True)
class Sign:
    """What a home page says of its site by its standard tags (国办发〔2017〕47号)."""

    name: str  #: SiteName without 门户网站
    id_code: str  #: SiteIDCode, the 网站标识码
    code: str  #: the division, which the first six digits of a local site's code are; "" of a ministry

    @classmethod
    def read(cls, page: TextResponse) -> Self | None:
        """Read a home page; None where it has no SiteIDCode."""
        tags = read_meta(page.selector.root) if isinstance(page, HtmlResponse) else {}
        found = _ID_CODE.fullmatch(tags.get("siteidcode", "").replace(" ", ""))
        if not found:
            return None
        name = tags.get("sitename", "")
        stem = _SUFFIX.sub("", name)
        return cls(stem if _BODY.search(stem) else name, found[0].lower(), found["code"] or "")


def links_out(page: TextResponse) -> list[str]:
    """Return the home pages of the .gov.cn hosts that a page links to, each host once, its own left out."""
    if not isinstance(page, HtmlResponse):
        return []
    base, found = get_base_url(page), dict[str, str]()
    for element in page.selector.root.iter(*_LEADS):
        if url := address_of(element, base, page.encoding, _LEADS[element.tag]):
            host = netloc(url)
            if host.partition(":")[0].endswith(".gov.cn") and bare(host) not in (*_EVERYWHERE, bare(netloc(page.url))):
                found.setdefault(bare(host), f"{urlsplit(url).scheme}://{host}/")
    return list(found.values())


def directories(page: TextResponse) -> list[str]:
    """Return the pages of the same host that, by their captions, list further sites."""
    own = netloc(page.url)
    urls = (row.url for row, _ in entries(page) if _DIRECTORY.fullmatch(row.title) and netloc(row.url) == own)
    return [url for url in dict.fromkeys(urls) if url != page.url]


def bare(host: str) -> str:
    """Return a host without `www.`."""
    return host.removeprefix("www.")
