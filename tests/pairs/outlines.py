"""Outlines of reports: which sentences in which order; and the reports that places make of them in their years."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import yaml

from tests.pairs.world import Place

BANK: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("sentences.yaml").read_text("utf-8"))
#: Characters of a sentence, on average: what a length asked for is divided by.
SENTENCE = 46
SLOT = re.compile(r"\{([^{}]*)\}")
RANGE = re.compile(r"(%?)([\d.]+)~([\d.]+)")
#: How a sentence begins that can take a subject.
DEED = re.compile(
    "制定|建立|建成|开展|组织|推进|推行|推广|落实|全面|严格|严肃|坚持|深入|加强|健全|实行|依托|依法"
    "|选聘|安排|聘请|认真|细化|公开选聘|指导|办理|培养|利用|自觉|编制|审查"
)
NUMERALS = "一二三四五六七八九十"
TITLES = ("{issuer}关于{year}年法治政府建设情况的报告", "{place}{year}年度法治政府建设情况报告", "{place}{year}年法治政府建设工作报告",
          "{year}年{place}法治政府建设情况报告", "{place}关于{year}年度法治政府建设工作情况的报告", "{place}{year}年法治政府建设年度报告")  # fmt: skip
SIGNATURES = ((), (), ("{issuer}", "{date}"), ("{full}", "{date}"), ("{date}",), ("{issuer}　{date}",))
JOINT = ("中共{place}委员会　{issuer}", "{date}")
#: How the parts of a chapter are set: heading in a line of its own, glued to the paragraph, with numbered paragraphs below it.
OWN_LINE, GLUED, NUMBERED = range(3)


@dataclass(frozen=True)
class Sentence:
    """A sentence of the bank (or a heading), with what was chosen in it; `lead` stands before it: 一是, （二）."""

    template: str
    dice: int
    lead: str = ""


Line = tuple[Sentence, ...]


@dataclass(frozen=True)
class Outline:
    """A report without place, year and figures."""

    title: str
    lines: tuple[Line, ...]
    tail: tuple[str, ...]
    day: int  #: of the signature: days from 5 January of the next year


@dataclass(frozen=True)
class Report:
    """A report of a place for a year; its lines are kept as sentences."""

    place: Place
    year: int
    title: str
    lines: tuple[tuple[str, ...], ...]
    tail: tuple[str, ...]

    @property
    def text(self) -> str:
        """The report as text, one paragraph a line, title first."""
        return "\n".join(filter(None, [self.title, *map("".join, self.lines), *self.tail]))


def compose(level: str, characters: int, seed: int | str) -> Outline:
    """Choose the sentences of a report.

    Args:
        level: of the place it is for, as in `Place`.
        characters: about how long it is.
        seed: the same arguments give the same outline.
    """
    dice = Random(f"outline {level} {characters} {seed}")
    body = max(12, round(characters / SENTENCE) - 4)
    shares = {"problems": max(2, body // 10), "plans": max(3, body // 7), "leaders": dice.choice((0, 0, min(6, body // 12)))}
    style = dice.choice((OWN_LINE, GLUED, NUMBERED))
    chapters = [_results(level, body - sum(shares.values()), style, dice)]
    if shares["leaders"]:
        chapters.append(_chapter(BANK["leaders"], shares["leaders"], dice, ordinals=False))
    chapters += [_chapter(BANK[name], shares[name], dice, ordinals=True) for name in ("problems", "plans")]
    lines: list[Line] = [(_drawn(dice.choice(BANK["leads"]), dice),)]
    if level == "township" and dice.random() < 0.6:
        lines.append(tuple(_drawn(one, dice) for one in dice.sample(BANK["basics"], 2)))
    for number, (heading, *rest) in enumerate(chapters):
        lines += [(replace(heading[0], lead=f"{NUMERALS[number]}、"),), *rest]
    signatures = SIGNATURES if level in ("department", "street") else (*SIGNATURES, JOINT)
    tail = (dice.choice(BANK["closings"]), *dice.choice(signatures))
    return Outline(dice.choice(TITLES), tuple(lines), tail, dice.randint(0, 120))


def _results(level: str, count: int, style: int, dice: Random) -> list[Line]:
    """Return the chapter of the results: a heading, then a part for each theme."""
    kind = {"department": "department", "township": "township"}.get(level, "government")
    themes = [theme for theme in BANK["results"] if kind in theme.get("for", kind)]
    chosen = sorted(dice.sample(range(len(themes)), min(len(themes), max(3, count // 9 + 1))))
    left = count
    lines: list[Line] = [(_drawn(dice.choice(BANK["summaries"]), dice),)]
    for n, at in enumerate(chosen):
        known = themes[at]["sentences"]
        share = min(len(known), max(2, round(left / (len(chosen) - n))))
        left -= share
        sentences = [_drawn(_longer(one, dice), dice) for one in dice.sample(known, share)]
        heading = replace(_drawn(dice.choice(themes[at]["headings"]), dice), lead=f"（{NUMERALS[n % 10]}）")
        paragraphs = list(_paragraphs(sentences, style, dice))
        if style == GLUED:
            lines.append((replace(heading, template=heading.template + "。"), *(s for line in paragraphs for s in line)))
        else:
            lines += [(heading,), *paragraphs]
    return lines


def _paragraphs(sentences: list[Sentence], style: int, dice: Random) -> Iterator[Line]:
    """Cut sentences into paragraphs of one to four, and number them as the style has it."""
    number = 0
    while sentences:
        size = dice.randint(1, 4)
        line, sentences = sentences[:size], sentences[size:]
        lead = f"{number + 1}." if style == NUMBERED else f"{NUMERALS[number % 10]}是"
        yield (replace(line[0], lead=lead), *line[1:])
        number += 1


def _chapter(bank: Mapping[str, Any], count: int, dice: Random, *, ordinals: bool) -> list[Line]:
    """Return a chapter without parts: heading, opening, and its sentences, each a paragraph or all in one."""
    sentences = [_drawn(one, dice) for one in dice.sample(bank["sentences"], min(count, len(bank["sentences"])))]
    if ordinals:
        sentences = [replace(one, lead=f"{NUMERALS[n]}是") if n < 10 else one for n, one in enumerate(sentences)]
    opening = [_drawn(dice.choice(bank["openings"]), dice)] if "openings" in bank else []
    heading = (_drawn(dice.choice(bank["headings"]), dice),)
    if dice.random() < 0.5:
        return [heading, (*opening, *sentences)]
    return [heading, *([tuple(opening)] if opening else []), *((one,) for one in sentences)]


def _longer(template: str, dice: Random) -> str:
    """Return a sentence with a subject, or a clause before or after it, here and there."""
    if DEED.match(template) and dice.random() < 0.4:
        template = dice.choice(["{we}", "{place}"]) + template
    elif dice.random() < 0.25:
        template = f"{dice.choice(BANK['openers'])}，{template}"
    return f"{template[:-1]}，{dice.choice(BANK['enders'])}。" if dice.random() < 0.5 else template


def _drawn(template: str, dice: Random) -> Sentence:
    return Sentence(template, dice.getrandbits(32))


def render(outline: Outline, place: Place, year: int, figures: int | str) -> Report:
    """Write the report of a place; the same `figures` give the same numbers."""
    words = {**place.words(), "issuer": place.issuer, "full": place.full_issuer}
    words |= {"year": str(year), "last": str(year - 1), "next": str(year + 1)}
    words["period"] = "2015—2020年" if year <= 2020 else "2021—2025年"
    month, day = divmod(outline.day, 28)
    words["date"] = f"{year + 1}年{month + 1}月{day + 1}日"
    lines = tuple(tuple(said(one, words, figures) for one in line) for line in outline.lines)
    title, *tail = (fill(part, words, Random(0), Random(0)) for part in (outline.title, *outline.tail))
    return Report(place, year, title, lines, tuple(tail))


def said(sentence: Sentence, words: Mapping[str, str | list[str]], figures: int | str) -> str:
    """Return a sentence as it stands in a report."""
    figure = Random(f"{figures} {sentence.dice} {sentence.template}")
    return sentence.lead + fill(sentence.template, words, Random(sentence.dice), figure)


def fill(template: str, words: Mapping[str, str | list[str]], choice: Random, figure: Random) -> str:
    """Fill the slots of a template, the inner ones first: what sentences.yaml says of them."""
    whole = 0

    def slot(found: re.Match[str]) -> str:
        nonlocal whole
        inside: str = found[1]
        if "|" in inside:
            return choice.choice(inside.split("|"))
        if limits := RANGE.fullmatch(inside):
            part, least, most = limits.groups()
            if "." in least:
                return f"{figure.uniform(float(least), float(most)):.1f}"
            drawn = figure.randint(int(least), int(most))
            whole = max(1, whole * drawn // 100) if part else drawn
            return str(whole)
        word = words[inside]
        return word if isinstance(word, str) else choice.choice(word)

    while SLOT.search(template):
        template = SLOT.sub(slot, template)
    return template
