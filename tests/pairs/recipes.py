"""Recipes of pairs: how each class makes two texts of one outline, and who is known to have issued them, for which year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random

from tests.pairs import changes
from tests.pairs.outlines import BANK, Outline, Report, Sentence, compose, render
from tests.pairs.world import LEVELS, Place, sibling


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A line of pairs.yaml."""

    id: str
    cls: str  #: P01 to P10, T1 to T3, V01 to V03, N01 to N10
    level: str
    characters: int
    seed: int
    label: str  #: same, excerpt, version, or apart (similar or different)
    how: str = ""  #: what the class leaves open
    also: tuple[str, ...] = ()  #: changes of the second text besides: P01, P02, P03 s2tw, P04, P05, P08
    unknown: tuple[str, ...] = ()  #: what is not known of a side: a.year, b.issuer, b.code
    named: tuple[str, ...] = ()  #: how the issuer of a side is named, its plain name left out: a.full, b.bare, b.joint


@dataclass(frozen=True)
class Keyed:
    """A text with what is known about it."""

    text: str
    year: int | None
    issuer: str | None
    code: str | None


@dataclass(frozen=True)
class Pair:
    """Two texts, and what is true of them."""

    id: str
    cls: str
    label: str
    a: Keyed
    b: Keyed


@dataclass(frozen=True)
class Base:
    """The first report of a pair, with what it was made of."""

    level: str
    outline: Outline
    report: Report
    figures: str
    dice: Random

    def again(self, *, place: Place | None = None, year: int = 0, figures: str = "", outline: Outline | None = None) -> Report:
        """Return the report with another place, year, figures or outline."""
        of = self.report
        return render(outline or self.outline, place or of.place, year or of.year, figures or self.figures)


def base(level: str, characters: int, seed: int | str, *, place: Place | None = None, year: int = 0) -> Base:
    """Return the base report of a seed; its place and year are drawn where they are not given."""
    dice = Random(f"base {level} {seed}")
    place, year = place or LEVELS[level](dice.randrange(900)), year or dice.randint(2016, 2025)
    outline = compose(place.level, characters, seed)
    return Base(level, outline, render(outline, place, year, str(seed)), str(seed), dice)


def rewritten(outline: Outline, level: str, share: float, dice: Random) -> Outline:
    """Put other sentences of the bank in the place of a share of them; headings stay."""
    kind = {"department": "department", "township": "township"}.get(level, "government")
    bank = [one for theme in BANK["results"] if kind in theme.get("for", kind) for one in theme["sentences"]]
    places = [(n, m) for n, line in enumerate(outline.lines) for m, one in enumerate(line) if one.template.endswith("。")]
    chosen = set(dice.sample(places, round(share * len(places))))

    def new(old: Sentence) -> Sentence:
        return Sentence(dice.choice(bank), dice.getrandbits(32), old.lead)

    lines = [tuple(new(one) if (n, m) in chosen else one for m, one in enumerate(line)) for n, line in enumerate(outline.lines)]
    return replace(outline, lines=tuple(lines))


def mixed(report: Report, other: Report, share: float, dice: Random) -> Report:
    """Put paragraphs of another report in the place of a share of the paragraphs that follow the first."""
    passages = [line for line in other.lines[1:] if line[0].endswith("。")]
    places = [n for n, line in enumerate(report.lines) if n and line[0].endswith("。")]
    number = min(round(share * len(places)), len(passages))
    first = dice.randrange(len(passages) - number + 1)
    lines = list(report.lines)
    for n, passage in zip(sorted(dice.sample(places, number)), passages[first : first + number], strict=True):
        lines[n] = passage
    return replace(report, lines=tuple(lines))


def namesakes(of: Base, how: str) -> tuple[Report, Report]:
    """N10: towns of one name in two counties; with an `other` report, other `figures`, the `same`, or no character that differs."""
    place = replace(of.report.place, level="township", name="城关镇")
    up = LEVELS["county"](of.dice.randrange(900))
    other = replace(place, above=(*up.above, up.name), code=up.code + "100")
    figures = of.figures + " elsewhere" if how == "figures" else of.figures
    outline = compose("township", len(of.report.text), f"{of.figures} other") if how == "other" else of.outline
    reports = of.again(place=place), of.again(place=other, figures=figures, outline=outline)
    return reports if how == "identical" else (led(reports[0]), led(reports[1]))


def led(report: Report) -> Report:
    """Return a township's report that says in its text which county leads it."""
    county = report.place.above[-1]
    lines = tuple(tuple(one.replace("县委、县政府", f"{county}委、{county}政府") for one in line) for line in report.lines)
    where = f"{report.place.name}是{county}所辖乡镇之一，{county}司法局对全镇法治建设工作进行了指导。"
    return replace(report, lines=(lines[0], (where,), *lines[1:]))


def below(of: Base, level: str, share: float) -> Report:
    """Return the report of a department or township of a government, with a share of its paragraphs (N06, N07)."""
    government = of.report.place
    code = government.code + ("103" if level == "township" else "")
    place = replace(LEVELS[level](of.dice.randrange(900)), above=(*government.above, government.name), code=code)
    length = max(1500, round(len(of.report.text) * 0.7))
    own = base(level, length, f"{of.figures} below", place=place, year=of.report.year).report
    return mixed(own, of.report, share, of.dice)


#: Share of the sentences that T1 to T3 keep, and of those that are new in V01, V02, N04 and N05.
KEPT = {"T1": 0.7, "T2": 0.4, "T3": 0.2}
NEW = {"V01": 0.2, "V02": 0.5, "N04": 0.2, "N05": 0.5}
#: Classes that change the text alone, whatever the report; P03 takes its script from `how`.
TEXT_ONLY = ("P01", "P02", "P03", "P04", "P05", "P08")


def second(of: Base, cls: str, how: str) -> Report:
    """Return the other report of a pair; of P01 to P05, P08 and P09, which change the text alone, the same one.

    Args:
        of: the base, which is the first report.
        cls: the class, N10 excepted.
        how: what the class leaves open, as in the recipe.
    """
    report = of.report
    elsewhere = sibling(report.place, of.dice.randrange(40))
    anew = rewritten(of.outline, report.place.level, NEW.get(cls, 0), of.dice)
    match cls:
        case "P06":
            return changes.headless(report, how)
        case "P07" if how == "throughout":
            return changes.throughout(report)
        case "P07":
            return changes.edited(report, float(how) / 100, of.dice)
        case "P10":
            return changes.edited(changes.headless(report, how) if how else report, 0.02, of.dice)
        case "T1" | "T2" | "T3":
            return changes.cut(report, KEPT[cls], how)
        case "V01" | "V02":
            return of.again(outline=anew)
        case "V03":
            return of.again(figures=of.figures + " revised")
        case "N01":
            return of.again(place=elsewhere, figures=of.figures + " elsewhere")
        case "N02":
            return of.again(place=elsewhere)
        case "N03" | "N04" | "N05":
            return of.again(outline=anew, year=report.year + 1, figures=of.figures + " later")
        case "N06":
            return below(of, "department", 0.4)
        case "N07":
            return below(of, "township", 0.75)
        case "N08":
            return of.again(year=report.year + 1)
        case "N09":
            return base(of.level, len(report.text), of.figures + " other", year=report.year).report
    return report


def make(recipe: Recipe) -> Pair:
    """Make the two texts of a recipe; the same recipe gives the same texts.

    Raises:
        KeyError: the recipe names a class or a change that there is not.
    """
    of = base(recipe.level, recipe.characters, recipe.seed)
    first, other = namesakes(of, recipe.how) if recipe.cls == "N10" else (of.report, second(of, recipe.cls, recipe.how))
    text = changes.forwarded(other) if recipe.cls == "P09" else other.text
    own = (f"{recipe.cls} {recipe.how}".strip(),) if recipe.cls in TEXT_ONLY else ()
    for change in (*own, *recipe.also):
        text = changes.changed(text, change, of.dice)
    return Pair(recipe.id, recipe.cls, recipe.label, keyed(recipe, "a", first, first.text), keyed(recipe, "b", other, text))


def issuer(place: Place, form: str) -> str:
    """Return a place's issuer as a page may name it: in full, bare (县人民政府, 水利局), joint with the party, or plainly."""
    match form:
        case "full":
            return place.full_issuer
        case "bare":
            return place.name if place.level == "department" else place.rank + place.issuer.removeprefix(place.name)
        case "joint":
            return f"中共{place.name}委员会、{place.issuer}"
    return place.issuer


def keyed(recipe: Recipe, side: str, report: Report, text: str) -> Keyed:
    """Return a side of a pair with what the recipe says is known of it."""
    form = next((name.partition(".")[2] for name in recipe.named if name.startswith(side + ".")), "")
    known = {"year": report.year, "issuer": issuer(report.place, form), "code": report.place.code}
    known |= {name: None for name in known if f"{side}.{name}" in recipe.unknown}
    return Keyed(text, **known)  # type: ignore[arg-type]
