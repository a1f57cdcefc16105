"""An invented archive with planted copies, excerpts, versions and look-alikes, as captures of plain pages on invented hosts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from html import escape
from itertools import count
from random import Random
from typing import Any

from archive.warc import Capture
from tests.pairs import changes
from tests.pairs.outlines import Report, compose, render
from tests.pairs.recipes import TEXT_ONLY, Base, base, led, second
from tests.pairs.world import LEVELS, Place, county_of, township

#: One base with all that is planted beside it for so many reports; the rest are families of siblings, and reports of their own.
REPORTS_A_BASE = 60
COPIES = tuple(f"P{n:02}" for n in range(1, 11))
EXCERPTS = ("T1", "T2", "T3")
VERSIONS = ("V01", "V02", "V03")
#: Years from the base's, so that no two of these are of one issuer and year.
LATER = {"N03": 1, "N04": 2, "N05": 3, "N08": -1}
FAMILY = 10
LEVELS_OF_BASES = ("township", "county", "township", "department", "township", "prefecture")
NEWS = {f"news{n}": f"www.news{n}.example" for n in range(5)}
#: Towns of this name are in many counties.
NAMESAKE = "太平镇"
OFFICES = ("司法局", "县司法局", "政务公开办", "本站", "党政办公室", "法治日报")
PAGES = (
    "<h1>{title}</h1><div class='info'>发布日期：{day} 来源：{office} 【打印】</div><div class='content'>{body}</div>",
    "<div class='title'>{title}</div><p class='date'>发布时间：{day}　来源：{office}</p><div id='zoom'>{body}</div>",
    "<h2>{title}</h2><p>来源：{office} 时间：{day}</p><div class='TRS_Editor'>{body}</div><p>【关闭窗口】</p>",
)


@dataclass(frozen=True)
class Planted:
    """A page, and which report it truly is of."""

    cls: str
    truth: str  #: issuer in full and year
    url: str
    site: str
    text: str
    title: str
    day: date

    def capture(self, time: datetime) -> Capture:
        """Return the page as captured at a time."""
        dice = Random(self.url)
        body = "".join(f"<p>{escape(line)}</p>" for line in self.text.split("\n"))
        stated = {"title": escape(self.title), "day": self.day.isoformat(), "office": dice.choice(OFFICES), "body": body}
        page = dice.choice(PAGES).format(**stated)
        html = f"<html><head><meta charset='utf-8'><title>{stated['title']}</title></head><body>{page}</body></html>"
        return Capture(
            url=self.url,
            time=f"{time:%Y-%m-%dT%H:%M:%S}.000Z",
            body=html.encode(),
            status=200,
            headers=[("Content-Type", "text/html; charset=utf-8")],
            site=self.site,
            role="page",
            run="planted",
        )


class Planting:
    """Plants reports; `entries` names the sites they stand on, for the registry."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self.seed = seed
        self.entries: dict[str, dict[str, Any]] = {name: entry(name, "新闻网", host) for name, host in NEWS.items()}
        self._pages = count(1)
        self._towns = count(0)
        self._others = {level: count(0) for level in LEVELS}

    def run(self, reports: int) -> list[Planted]:
        """Return so many pages, always the same for one seed."""
        planted: list[Planted] = []
        for n in range(max(1, reports // REPORTS_A_BASE)):
            planted += self._with_all(n)
        while len(planted) < reports:
            planted += self._family() if self.dice.random() < 0.1 else [self._alone()]
        return planted[:reports]

    def _with_all(self, n: int) -> Iterator[Planted]:
        """Yield a base report with its copies, excerpts, a version and look-alikes."""
        of = self._base(LEVELS_OF_BASES[n % len(LEVELS_OF_BASES)])
        report = of.report
        yield self._own("base", report)
        for cls in COPIES:
            yield self._elsewhere(cls, of, self._copy(cls, of))
        for cls in EXCERPTS:
            yield self._elsewhere(cls, of, second(of, cls, self.dice.choice(["start", "middle"])))
        if n % 2:
            version = VERSIONS[n // 2 % len(VERSIONS)]
            yield self._own(version, second(of, version, ""), days=30)
        for cls, years in LATER.items():
            yield self._own(cls, second(replace(of, report=replace(report, year=report.year + years - 1)), cls, ""))
        for cls in ("N01", "N02"):
            figures = of.figures + (" elsewhere" if cls == "N01" else "")
            yield self._own(cls, of.again(place=self._place(report.place.level), figures=figures))
        for cls in ("N06", "N07") if report.place.level == "county" else ():
            yield self._own(cls, second(of, cls, ""))
        if report.place.level == "township":
            for figures in (of.figures, of.figures + (" elsewhere" if n % 4 else "")):
                county = self._place("county")
                town = Place("township", NAMESAKE, (*county.above, county.name), county.code + "999")
                yield self._own("N10", led(of.again(place=town, figures=figures)), own_site=True)

    def _family(self) -> Iterator[Planted]:
        """Yield the reports of ten towns that share an outline; one in ten has another's figures too."""
        outline = compose("township", self._length(), self.dice.getrandbits(32))
        year, last = self.dice.randint(2016, 2024), self.dice.getrandbits(32)
        for _ in range(FAMILY):
            last = last if self.dice.random() < 0.1 else self.dice.getrandbits(32)
            yield self._own("family", render(outline, self._place("township"), year, last))

    def _alone(self) -> Planted:
        return self._own("other", self._base(self.dice.choice(("township", "township", "county", "department"))).report)

    def _base(self, level: str) -> Base:
        year = self.dice.randint(2017, 2021)
        return base(level, self._length(), f"{self.seed} {next(self._pages)}", place=self._place(level), year=year)

    def _length(self) -> int:
        return self.dice.choice((1800, 2600, 3600, 4600, 4600, 5600, 7000))

    def _place(self, level: str) -> Place:
        """Return a place that has reported nothing yet; a town that is no street, so that outlines fit."""
        if level not in ("township", "street"):
            return LEVELS[level](next(self._others[level]))
        return next(place for n in self._towns if (place := township(n)).level == "township")

    def _copy(self, cls: str, of: Base) -> Report:
        how = {"P06": self.dice.choice(["title", "both"]), "P07": self.dice.choice(["1", "5"])}
        return second(of, cls, how.get(cls, ""))

    def _own(self, cls: str, report: Report, *, days: int = 0, own_site: bool = False) -> Planted:
        """Put a report on the site of its government: a town's or a department's on the county's, unless it has its own."""
        place = report.place
        home = county_of(place) if place.level in ("township", "street", "department") and not own_site else place
        return self._page(cls, report, report.text, self._site(home), days)

    def _elsewhere(self, cls: str, of: Base, report: Report) -> Planted:
        """Put a copy or excerpt on the prefecture's portal, on the county's again, or in the news."""
        text = changes.forwarded(report) if cls == "P09" else report.text
        if cls in TEXT_ONLY:
            how = self.dice.choice(["s2t", "s2tw", "s2hk"]) if cls == "P03" else ""
            text = changes.changed(text, f"{cls} {how}".strip(), self.dice)
        elif cls == "P10":
            for change in self.dice.sample(["P01", "P02", "P04", "P05"], 3):
                text = changes.changed(text, change, self.dice)
        place = of.report.place
        chosen = self.dice.random()
        if chosen < 0.4 and len(place.above) > 1:
            site = self._site(Place("prefecture", place.above[1], place.above[:1], place.code[:4] + "00"))
        elif chosen < 0.6 and len(place.above) > 2:
            site = self._site(county_of(place))
        else:
            site = self.dice.choice(sorted(NEWS))
        title = f"{of.report.title}（节选）" if cls in EXCERPTS else report.title
        return self._page(cls, replace(report, title=title), text, site, self.dice.randint(1, 90))

    def _page(self, cls: str, report: Report, text: str, site: str, days: int) -> Planted:
        lines = text.split("\n")
        first = lines[0].strip() and lines[0].strip() in report.title
        truth = "".join((*report.place.above, report.place.issuer, str(report.year)))
        url = f"{self.entries[site]['home']}art/{next(self._pages):07}.html"
        day = date(report.year + 1, 1, 5) + timedelta(days=self.dice.randint(0, 80) + days)
        return Planted(cls, truth, url, site, "\n".join(lines[1:] if first else lines), report.title, day)

    def _site(self, place: Place) -> str:
        """Return the site of a government, named in the registry."""
        name = f"g{place.code}"
        full = "".join(place.above[1:]) + place.issuer
        self.entries.setdefault(name, {**entry(name, full, f"www.{name}.gov.cn"), "code": place.code})
        return name


def entry(name: str, title: str, host: str) -> dict[str, Any]:
    """Return an entry of the registry."""
    return {"id": name, "name": title, "home": f"http://{host}/", "netlocs": [host, host.removeprefix("www.")]}


def arrivals(planted: Sequence[Planted], seed: int) -> Iterator[Capture]:
    """Yield the captures of the pages in an order, and at times, that the seed draws."""
    order = Random(seed).sample(range(len(planted)), len(planted))
    times = Random(seed + 1).sample(range(len(planted)), len(planted))
    start = datetime(2025, 4, 1, tzinfo=UTC)
    for n, time in zip(order, times, strict=True):
        yield planted[n].capture(start + timedelta(seconds=20 * time))
