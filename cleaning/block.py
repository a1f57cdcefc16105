"""Block: the metadata block above a document and the info bars around it, whatever their layout, as pairs of label and value.

A run of three or more labels is a block; one or two with their colons are an info bar (field-notes 3.2). Both leave the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cleaning.bars import BARE_DATE, is_button
from cleaning.labels import CLOCK, DAY, Pair, canonical, is_label, is_placeholder, split_pairs
from cleaning.lines import BORDER, Line, is_prose, is_sentence, unbulleted

_BRACKETS = re.compile(r"^[（(\[【]\s*(.*?)\s*[)）\]】]$")
_BETWEEN_BRACKETS = re.compile(r"[】\]]\s*[【\[]")
_COLON = re.compile(r"[:：]\s*$")
#: Names stand in such fields; a date behind one is the page's, and has lost its label.
_NAMES = frozenset({"来源", "发布机构", "责任编辑", None})
#: What a machine writes; 2024年5月9日上午9:00 is when people meet.
_STAMP = re.compile(rf"[\[（(]?{DAY}(?!\s*[（(]?(?:星期|周|[上下中]午|[早晚至]))")
_DATED_NAME = re.compile(rf"(?P<name>.+?)[\s|｜,，]*[（(\[]?(?P<date>{DAY}{CLOCK}?)[\])）]?")
_DATE_AND_MORE = re.compile(rf"(?P<date>{DAY}{CLOCK}?)\s+(?=\D).+")
_DATES = frozenset({"发布日期", "成文日期"})
_BUTTON_BEHIND = re.compile(r"\s*[【\[](?:打印|关闭|字|大|小|分享|收藏|浏览|阅读|点击).*")
#: 字号 is a document number in a block and the size of letters in a bar.
_SIZES = re.compile(r"(?:[\W_]|大|中|小|默认|超大|特大|标准|打印|收藏|分享)+")
#: Labels that also open lines of a document (时间：… 地点：… of a notice): metadata only before a full date.
_EVERYDAY = frozenset({"时间", "日期"})
#: Labels of a document that announces something: what follows them is its own too, whatever it looks like.
_OF_AN_EVENT = re.compile(
    r"(?:会议)?(?:地点|主持人?|嘉宾|参[会加]人员|出席人员?|议题|内容|主讲人?|对象|联系人|联系电话)\s*[:：]"
)
_BLOCK_LABELS = 3
#: Outside a body two are one if each stands in an element of its own, the value in the next.
_LABELS_APART = 2
_LABEL_CHARACTERS = 8
#: So many lines may stand between the labels of one block: its heading, a value in two lines, the title.
_GAP = 2
#: A value on the line after its label is no longer than this.
_NEXT_LINE_VALUE = 120


@dataclass
class Found:
    """Pairs in the order of the page, and the lines they took."""

    pairs: list[Pair] = field(default_factory=list)
    used: dict[int, str] = field(default_factory=dict)  #: line number: "metadata_block" or "info_bar"
    bare_date: str = ""  #: a date without label that stands in an info bar


@dataclass
class _Entry:
    first: int
    last: int
    pairs: list[tuple[str, str]]
    own: bool  #: all of its values stand on the label's own line


def read(lines: Sequence[Line], *, inside: bool = False) -> Found:
    """Find the block and info bars among lines.

    Args:
        lines: the lines before a body, or, `inside` one, its own: there the search stops at the first running text, and a bar
            must stand at the very top.
    """
    entries: list[_Entry] = []
    n = 0
    while n < len(lines):
        entry = _entry(lines, n)
        if entry is None:
            if inside and (is_prose(lines[n].text) or is_sentence(lines[n].text) or _OF_AN_EVENT.match(lines[n].text)):
                break
            n += 1
        else:
            entries.append(entry)
            n = entry.last + 1
    found = Found()
    bars: list[_Entry] = []
    for run in _runs(entries):
        labels = {canonical(label) for entry in run for label, _ in entry.pairs} - {None}
        apart = not inside and len(labels) >= _LABELS_APART and all(len(entry.pairs) == 1 and not entry.own for entry in run)
        if len(labels) >= _BLOCK_LABELS or apart:
            for entry in run:
                _take(found, entry, "metadata_block", lines)
        else:
            bars += run
    for entry in bars:
        if _is_bar(entry, lines) and (not inside or entry.first - sum(n < entry.first for n in found.used) <= _GAP + 1):
            _take(found, entry, "info_bar", lines)
    return found


def _unbracketed(text: str) -> str:
    bracketed = _BRACKETS.match(text)
    return bracketed[1] if bracketed else text


def read_end(lines: Sequence[Line]) -> Found:
    """Find the bylines that close a text (来源：…, （责任编辑：…）), from the last line up."""
    found = Found()
    for n in range(len(lines) - 1, max(len(lines) - 6, 0), -1):
        entry = _entry([lines[n]], 0)
        if entry is None or not _is_bar(entry, [lines[n]]):
            break
        found.pairs[:0] = [Pair(label, value, "info_bar") for label, value in entry.pairs if value]
        found.used[n] = "info_bar"
    return found


def _entry(lines: Sequence[Line], n: int) -> _Entry | None:
    text = unbulleted(lines[n].text)
    following = unbulleted(lines[n + 1].text) if n + 1 < len(lines) else ""
    if header := _header_row(text, following):
        return _Entry(n, n + 1, header, True)
    pairs = _pairs(lines[n], text)
    if not pairs and len(text) <= 14 and is_label(text) and (_COLON.search(text) or canonical(text)):
        pairs = [(_COLON.sub("", text), "")]
    if not pairs:
        return None
    label, value = pairs[-1]
    if not value and canonical(label) and not lines[n].hollow and _is_value(following):
        return _Entry(n, n + 1, [*pairs[:-1], (label, following)], False)
    return _Entry(n, n, pairs, bool(_COLON.search(text)) or any(value for _, value in pairs))


def _pairs(line: Line, text: str) -> list[tuple[str, str]]:
    """Cut a line into pairs; where labels are glued to the values before them, the borders of inline elements part them."""
    text = _unbracketed(text)
    if len(parts := _BETWEEN_BRACKETS.split(text)) > 1:
        return [pair for part in parts for pair in split_pairs(part.strip())]
    if line.spans:
        pieces = [piece for piece in line.spans.split(BORDER) if piece.strip() and not is_button(piece)]
        parted = "".join(f"\u3000{piece}" if split_pairs(piece.strip()) else piece for piece in pieces)
        if better := split_pairs(unbulleted(parted.strip())):
            return [(label, " ".join(value.split())) for label, value in better]
        if len(pieces) == 2 and canonical(pieces[0]):
            return [(pieces[0].strip(), pieces[1].strip())]
    return split_pairs(text)


def _header_row(text: str, following: str) -> list[tuple[str, str]]:
    """Pair a table row of labels with the row of values below it; a few words that are no label of ours may be among them."""
    labels, values = text.split("\t"), following.split("\t")
    values += [""] * (len(labels) - len(values))
    known = sum(is_label(label) for label in labels)
    clear = sum(canonical(label) is not None for label in labels)
    if len(labels) < 2 or len(labels) != len(values) or clear < min(len(labels), 3) or 2 * known < len(labels):
        return []
    if known < len(labels) and not all(0 < len(label) <= _LABEL_CHARACTERS and label.isalpha() for label in labels):
        return []
    return [] if any(is_label(value) for value in values) else list(zip(labels, values, strict=True))


def _is_value(text: str) -> bool:
    """Say whether a line can be the value of the label above it."""
    if not text or len(text) > _NEXT_LINE_VALUE or "\t" in text or _COLON.search(text):
        return False
    return not is_label(text) and not split_pairs(text) and not (is_prose(text) and "。" in text)


def _runs(entries: list[_Entry]) -> list[list[_Entry]]:
    runs: list[list[_Entry]] = []
    for entry in entries:
        if runs and entry.first - runs[-1][-1].last <= _GAP + 1:
            runs[-1].append(entry)
        else:
            runs.append([entry])
    return runs


def _without_rest(label: str | None, value: str) -> tuple[str, str]:
    """Return a value without what follows it unlabelled (县司法局 2024-02-06 10:20 浏览 45 次), and the date in that."""
    if label in _DATES:
        match = _DATE_AND_MORE.fullmatch(value)
        return (match["date"] if match else value), ""
    if label not in _NAMES:
        return value, ""
    value = _BUTTON_BEHIND.sub("", value)
    if (inner := _BRACKETS.match(value)) or (value.endswith(tuple("]】")) and not re.search(r"[\[【]", value)):
        value = inner[1] if inner else value[:-1]
    words = value.split(" ")
    for last in range(1, len(words)):
        if all(is_button(word) for word in words[last:]) or is_button("".join(words[last:])):
            words = words[:last]
            break
    value = " ".join(words)
    match = _DATED_NAME.fullmatch(value)
    return (match["name"], match["date"]) if match else (value, "")


def _is_bar(entry: _Entry, lines: Sequence[Line]) -> bool:
    if not entry.own or "。" in lines[entry.first].text:
        return False
    labels = {canonical(label) and label for label, _ in entry.pairs} - {None}
    if labels and labels <= _EVERYDAY:
        return all(_STAMP.match(value) or not value for label, value in entry.pairs if canonical(label))
    return True


def _take(found: Found, entry: _Entry, rule: str, lines: Sequence[Line]) -> None:
    pairs = []
    for label, value in entry.pairs:
        value, day = _without_rest(canonical(label), value)
        found.bare_date = found.bare_date or day
        if value and not _SIZES.fullmatch(value):
            pairs.append((label, value))
    found.pairs += [Pair(label, value, rule) for label, value in pairs if canonical(label) or not is_placeholder(value)]
    found.used.update(dict.fromkeys(range(entry.first, entry.last + 1), rule))
    if not found.bare_date and (date := BARE_DATE.match(lines[entry.first].text)):
        found.bare_date = date[1]
