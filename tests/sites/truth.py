"""What is true of the sample sites: which reports stand where, what must be rejected, and what cannot be had.

How things are counted, per site:

found     distinct reports that have a source on the site, copies of other governments' reports included
merged    sources on the site that are copies of a report whose canonical source is elsewhere; the sums of found less
          merged over all sites are the reports
rejected  pages that a list names like a report and that are none, by their reason; a page that says 页面不存在 with status
          200 is read like any page, so it stands here as soft_404
blocked   attempts that brought nothing usable, by reason, each address once: http_404 (a listed page is gone),
          robots_disallowed (never fetched), list_trap (one for the list that repeats itself), challenge_412 (one for the
          host, whatever was asked of it). A missing robots.txt is no attempt, and a link to a host that no entry
          names is not followed and not counted.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from pages import convert
from routes import attachment_url
from texts import load
from world import Row, Site, sites

_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def truth() -> dict[str, Any]:
    """Return everything a test may want to know, ready for JSON."""
    made = [_report(site, row) for site in sites() for row in site.rows if row.kind == "own"]
    return {
        "reports": len(made),
        "sites": {site.id: _counts(site) for site in sites()},
        "report_list": sorted(made, key=lambda report: str(report["slug"])),
        "rejected_pages": [page for site in sites() for page in _rejected(site)],
        "attempts": [attempt for site in sites() for attempt in _attempts(site)],
        "never_fetched": [row.url for site in sites() for row in site.rows if row.kind in ("forbidden", "outside")],
        "boilerplate": load("boilerplate.yaml"),
    }


def _counts(site: Site) -> dict[str, Any]:
    kinds = Counter(row.kind for row in site.rows)
    return {
        "found": kinds["own"] + kinds["copy"],
        "merged": kinds["copy"],
        "rejected": dict(Counter(page["reason"] for page in _rejected(site))),
        "blocked": dict(Counter(attempt["reason"] for attempt in _attempts(site))),
    }


def _rejected(site: Site) -> list[dict[str, str]]:
    pages = [row for row in site.rows if row.kind in ("other", "soft_404")]
    return [
        {"site": site.id, "url": row.url, "list_title": row.hint or row.shown, "reason": row.text.reason or "soft_404"}
        for row in pages
    ]


def _attempts(site: Site) -> list[dict[str, str]]:
    if site.spec["frame"] == "challenge":
        return [{"site": site.id, "url": site.home, "reason": "challenge_412"}]
    names = {"missing": "http_404", "forbidden": "robots_disallowed"}
    found = [(row.url, names[row.kind]) for row in site.rows if row.kind in names]
    found += [(column.url, "list_trap") for column in site.columns if column.spec.get("repeats")]
    return [{"site": site.id, "url": url, "reason": reason} for url, reason in found]


def _back(site: Site, text: str) -> str:
    """What a cleaner must make of a text of this site: Traditional characters go back to Simplified ones by OpenCC t2s."""
    return convert(convert(text), "t2s") if site.spec.get("script") == "t" else text


def _signed(site: Site, row: Row) -> str | None:
    """The date of signing where a reader can find it: in the metadata block, or in full in the text's last lines."""
    if not row.text.signed:
        return None
    tail = "\n".join(row.text.lines[-4:]).translate(_DIGITS)
    day = row.text.signed
    month, number = (rf"(0?{n}|{_chinese(n).translate(_DIGITS)})" for n in (day.month, day.day))
    stated = re.search(rf"^{day.year}年{month}月{number}日$", tail, re.MULTILINE)
    return day.isoformat() if "metadata" in site.spec or stated else None


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    return ("" if not tens else "十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones or not tens else "")


def _report(site: Site, row: Row) -> dict[str, Any]:
    text, slug = row.text, row.text.slug
    about = site.spec["reports"][slug.rpartition("-")[0]]
    block = "metadata" in site.spec
    attached = slug in site.spec.get("docx", [])
    copies = [
        other.url for elsewhere in sites() for other in elsewhere.rows if other.kind == "copy" and other.text.slug == slug
    ]
    flags = {
        "bookmark_residue": slug in site.spec.get("residue", []),
        "converted_from_traditional": site.spec.get("script") == "t",
    }
    return {
        "slug": slug,
        "site": site.id,
        "canonical": row.url,
        "attachment": attachment_url(row) if attached else None,
        "title": _back(site, text.title),
        "issuer": _back(site, text.issuer),
        "year": text.year,
        "level": about["level"],
        "division_code": about["code"],
        "published": row.published.isoformat(),
        "signed": _signed(site, row),
        "index_number": text.index_number or None if block else None,
        "document_number": _back(site, text.document_number) or None if block else None,
        "flags": [name for name, is_so in flags.items() if is_so],
        "text": [_back(site, line) for line in text.lines],
        "sources": [row.url, *copies],
    }
