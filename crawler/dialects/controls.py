"""The control of a page that leads to the next one: 下一页, the number after the current one, a bare », a counted address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

from lxml.html import HtmlElement
from scrapy.http import HtmlResponse, TextResponse
from scrapy.utils.response import get_base_url
from w3lib.url import add_or_replace_parameters

from crawler.dialects.base import Ask
from crawler.links import address_of, same_page, squeeze, text_of, tidy_url

NEXT = re.compile(r"[\[(（<《]*\s*(?:下一?[页頁]|[后後]一?[页頁]|next(?:\s*page)?)\s*[\])）>》›»→]*", re.I)
#: Arrows, those first that lead one page on where » leads to the last.
_ARROWS = ("›", ">", "＞", "→", "»", ">>", "＞＞", "››")
_CALL = re.compile(r"(?:^|javascript:|[;\s])(?:return\s+)?(?P<name>[A-Za-z_$]\w*)\(\s*['\"]?(?P<number>\d+)['\"]?\s*\)")
#: function gotoPage(n) {{ … location.href = "list.asp?page=" + n + "&x=1" }}
_MAKES_ADDRESS = (
    r"function\s+{name}\s*\(\s*(?P<n>\w+)\s*\)\s*\{{[^}}]*?location(?:\.href)?\s*=\s*"
    r"['\"](?P<before>[^'\"]*)['\"]\s*\+\s*(?P=n)\b(?:\s*\+\s*['\"](?P<after>[^'\"]*)['\"])?"
)
#: function goPage(n) {{ document.form1.curPage.value = n; document.form1.submit(); }}, with getElementById or jQuery as well
_SUBMITS = (
    r"function\s+{name}\s*\(\s*(?P<n>\w+)\s*\)\s*\{{[^}}]*?"
    r"(?:getElementById\(\s*['\"](?P<id>\w+)['\"]\s*\)\.value|\.(?P<field>\w+)\.value|\$\(\s*['\"]#(?P<query>\w+)['\"]\s*\)\.val\b)"
    r"\s*[=(]\s*(?P=n)\b[^}}]*?submit\(\s*\)"
)
#: ASP.NET: the control's name and its argument, sent with the form it stands in.
_POST_BACK = re.compile(r"__doPostBack\(\s*['\"]([^'\"]*)['\"]\s*,\s*['\"]([^'\"]*)['\"]")
_OPTION = re.compile(r"第?\s*\d{1,3}\s*[页頁]?")
#: Attributes in which paging scripts keep the address of the next page (EasySite: tagname).
_ADDRESS_ATTRIBUTES = ("href", "tagname", "data-url", "data-href", "onclick")
_CURRENT_CLASS = re.compile(r"(?:^|[\s_-])(?:on|cur|curr|current|currentpage|active|selected|now|this)(?:$|[\s_-])", re.I)
_PAGE_NUMBER = re.compile(r"(?:page|cur_?page|curr_?page|current_?page|page_?(?:no|num|number|index)|pn|p)", re.I)
_TOTAL = re.compile(
    r"共\s*(\d+)\s*[页頁]|第?\s*\d+\s*[页頁]?\s*/\s*共?\s*(\d+)\s*[页頁]|总页数[:：\s]*(\d+)"
    r"|(?:页次[:：]?|共\s*\d+\s*[条條])\D{0,8}\d+\s*/\s*(\d+)"
)
#: The number that a list gives its page in words (第 1 页, 页次：1/4): where all numbers are links, it tells the current one.
_SAID = re.compile(r"第\s*(\d{1,4})\s*[页頁]|(?:页次|当前)[:：]?\s*第?\s*(\d{1,4})|(?<!\d)(\d{1,4})\s*/\s*\d+\s*[页頁]")
_PAGER = re.compile(r"page|pagin|fenye|fanye", re.I)
_NEXT_CLASS = re.compile(r"(?:^|[\s_-])next(?:[_-]?page)?(?:$|[\s_-])", re.I)
_NUMBERS = re.compile(r"[_-]?\d+")
#: Pages whose script counts on an address without a number (field-notes 2.10): what the second page adds to it.
_COUNTED = {"iList.jsp": "cur_page"}


def next_page(page: TextResponse) -> str:
    """Return the address behind 下一页, else behind the number after the current one, else behind an arrow; "" without one."""
    root = page.selector.root
    for control in [*root.xpath("//*[@rel='next']"), *_next_controls(root)]:
        if url := address(page, control):
            return url
    return _by_number(page) or _chosen(page) or next(filter(None, (address(page, arrow) for arrow in _arrows(page))), "")


def submitted(page: TextResponse) -> Ask | None:
    """Return the ask that 下一页 sends as a form: goPage(2) sets a field of it and submits it; None where it does not."""
    for control in _next_controls(page.selector.root):
        if ask := _posted_back(page, control):
            return ask
        call = _CALL.search(control.get("href") or "") or _CALL.search(control.get("onclick") or "")
        made = call and re.search(_SUBMITS.format(name=re.escape(call["name"])), page.text)
        field = made and next(filter(None, (made["field"], made["id"], made["query"])))
        form = next(iter(page.selector.root.xpath("//form[.//input[@name=$field or @id=$field]]", field=field)), None)
        if not call or form is None:
            continue
        box = form.xpath(".//input[@name=$field or @id=$field]", field=field)[0]
        if (box.get("value") or "0").isdecimal() and int(call["number"]) > int(box.get("value") or 0):
            values = {**dict(form.form_values()), box.get("name") or field: call["number"]}
            url = tidy_url(get_base_url(page), form.get("action") or page.url, page.encoding)
            post = (form.get("method") or "").lower() == "post"
            sent = urlencode(values, encoding=page.encoding)
            return Ask(url=url, form=sent) if post else Ask(url=add_or_replace_parameters(url, values))
    return None


def _posted_back(page: TextResponse, control: HtmlElement) -> Ask | None:
    """Return the ask of an ASP.NET control: its form with every value, and which control was pressed."""
    form = next(control.iterancestors("form"), None)
    called = _POST_BACK.search(f"{control.get('href')} {control.get('onclick')}")
    if form is None or not called or "disabled" in (control.get("class") or ""):
        return None
    values = {**dict(form.form_values()), "__EVENTTARGET": called[1], "__EVENTARGUMENT": called[2]}
    url = tidy_url(get_base_url(page), form.get("action") or page.url, page.encoding)
    return Ask(url=url, form=urlencode(values, encoding=page.encoding))


def address(page: TextResponse, control: HtmlElement) -> str:
    """Return where a control leads, other than to the page it stands on; "" for nowhere."""
    if "disabled" in (control.get("class") or ""):
        return ""
    if control.tag == "img":
        control = next(control.iterancestors("a"), control)
    base = get_base_url(page)
    url = address_of(control, base, page.encoding, _ADDRESS_ATTRIBUTES) or _called(page, control, base)
    return "" if not url or same_page(url) == same_page(page.url) else url


def total_pages(page: TextResponse) -> int:
    """Return how many pages a list says it has (共 12 页, 1/12 页), or 0."""
    found = _TOTAL.search(text_of(page.selector.root)) if isinstance(page, HtmlResponse) else None
    return int(next(filter(None, found.groups()))) if found else 0


def counted(page: TextResponse) -> str:
    """Return the address with its page number one higher, where the list says that it has more pages; else ""."""
    parts, total = urlsplit(page.url), total_pages(page)
    query = parse_qs(parts.query)
    start = _COUNTED.get(parts.path.rpartition("/")[2], "")
    name = next((name for name in query if _PAGE_NUMBER.fullmatch(name) and query[name][-1].isdecimal()), start)
    number = int(query[name][-1]) if name in query else 1
    return add_or_replace_parameters(page.url, {name: str(number + 1)}) if name and number < total else ""


def _next_controls(root: HtmlElement) -> list[HtmlElement]:
    return [c for c in root.iter("a", "button", "span", "input", "li", "img") if any(map(NEXT.fullmatch, _captions(c)))]


def _captions(control: HtmlElement) -> Iterator[str]:
    yield squeeze(control.text_content() or control.get("value") or control.get("title"))
    if control.tag in ("a", "img"):
        yield from (squeeze(control.get(name)) for name in ("title", "alt", "aria-label") if control.get(name))


def _called(page: TextResponse, control: HtmlElement, base: str) -> str:
    """Return the address that a function of the page makes of the number it is called with: gotoPage(2)."""
    call = _CALL.search(control.get("href") or "") or _CALL.search(control.get("onclick") or "")
    made = call and re.search(_MAKES_ADDRESS.format(name=re.escape(call["name"])), page.text)
    return tidy_url(base, f"{made['before']}{call['number']}{made['after'] or ''}", page.encoding) if call and made else ""


def _number(element: HtmlElement) -> str:
    return _decimal(squeeze(element.text_content()))


def _decimal(text: str) -> str:
    text = text.strip("[]()（）【】 ")
    return text if text.isdecimal() and len(text) <= 4 else ""


def _numbered_boxes(root: HtmlElement) -> Iterator[HtmlElement]:
    """Yield each element that holds linked page numbers, once."""
    met: list[HtmlElement] = []
    for link in root.iter("a"):
        around = link.getparent()
        if not _number(link) or around is None:
            continue
        box = around.getparent() if around.tag in ("li", "span") and around.getparent() is not None else around
        if not any(box is other for other in met):
            met.append(box)
            yield box


def _by_number(page: TextResponse) -> str:
    """Follow the number after the current one: the one marked by its class, or the one among them that is no link."""
    for box in _numbered_boxes(page.selector.root):
        links = {_number(a): a for a in box.iter("a") if _number(a) and address(page, a)}
        plain = [e for e in box.iter("a", "span", "b", "strong", "em", "li", "font") if _number(e) and e.find(".//a") is None]
        marked = [e for e in (*plain, *box.iter("li")) if _number(e) and _CURRENT_CLASS.search(e.get("class") or "")]
        bare = (_decimal(word) for text in box.xpath("text()") for word in text.split())
        unlinked = [n for n in (*map(_number, plain), *bare) if n and n not in links]
        current = [*map(_number, marked), *unlinked] or _said_number(page)
        if current and (after := links.get(str(int(current[0]) + 1))) is not None:
            return address(page, after)
    return ""


def _said_number(page: TextResponse) -> list[str]:
    """Return the number of the page as its text says it (第 1 页), in a list; [] where it does not."""
    said = _SAID.search(text_of(page.selector.root))
    return list(filter(None, said.groups())) if said else []


def _chosen(page: TextResponse) -> str:
    """Return the option after the current one of a select that goes where its options say (location.href=this.value)."""
    base = get_base_url(page)
    for select in page.selector.root.xpath("//select[contains(@onchange, 'location') and contains(@onchange, 'value')]"):
        options = [option for option in select.iter("option") if _OPTION.fullmatch(squeeze(option.text_content()))]
        urls = [tidy_url(base, option.get("value") or "", page.encoding) for option in options]
        here = [n for n, url in enumerate(urls) if same_page(url) == same_page(page.url)]
        here += [n for n, option in enumerate(options) if option.get("selected") is not None]
        if len(urls) > 1 and (after := urls[(here or [0])[0] + 1 :]):
            return after[0]
    return ""


def _arrows(page: TextResponse) -> list[HtmlElement]:
    """Return the linked arrows, and links without a text of the class next, that stand in a pager or lead to the list again."""
    root = page.selector.root
    boxes = list(_numbered_boxes(root))
    found = []
    for link in root.iter("a"):
        text = squeeze(link.text_content())
        if text not in _ARROWS and (text or not _NEXT_CLASS.search(link.get("class") or "")):
            continue
        around = [element for _, element in zip(range(3), link.iterancestors(), strict=False)]
        pager = any(_PAGER.search(f"{e.get('class')} {e.get('id')}") for e in around) or any(e in boxes for e in around)
        if pager or _shape(address(page, link)) == _shape(page.url):
            found.append((_ARROWS.index(text) if text else 0, link))
    return [link for _, link in sorted(found, key=lambda pair: pair[0])]


def _shape(url: str) -> str:
    """Return what the pages of a list have in common: the path without numbers."""
    return _NUMBERS.sub("", urlsplit(url).path)
