"""What happens to a report on its way to another page: classes P01 to P10 and T1 to T3, as functions of text and dice."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from random import Random

from opencc import OpenCC

from tests.pairs.outlines import Report

#: Slips and their mending; either may be the older text.
SLIPS = (("开展", "开展了"), ("的", "地"), ("进行", "开展"), ("进一步", "更进一步"), ("完成", "完成了"), ("共", "累计"), ("加强", "强化"),
         ("建立", "建立了"), ("工作", "各项工作"), ("检查", "检察"), ("制定", "制订"), ("发现", "发现了"), ("以上", "已上"), ("截至", "截止"),
         ("及时", "即时"), ("受理", "受里"), ("审查", "审察"), ("均", "均已"), ("问题", "问提"), ("培训", "培训了"), ("落实", "落实落实"),
         ("群众", "人民群众"), ("行为", "行为、"), ("以", "已"), ("全年", "全年共"), ("程序", "程续"), ("与", "和"), ("个", "余个"))  # fmt: skip
FRAME_ABOVE = ("当前位置：首页 > 政务公开 > 法治政府建设年度报告", "索引号：{index}", "信息分类：其他法定信息", "发布机构：{office}", "文号：无",
               "发布日期：{day}", "来源：{office}", "浏览次数：{hits}次", "字体：【大 中 小】", "【打印本页】 【关闭窗口】", "分享到：")  # fmt: skip
FRAME_BELOW = ("扫一扫在手机打开当前页", "责任编辑：{office}", "上一篇：没有了", "下一篇：政府信息公开指南", "附件下载：", "主办单位：{office}",
               "网站标识码：{code}", "版权所有 未经授权禁止转载",
               "本页内容如有错漏，请点击右侧按钮反馈，我们将尽快核实处理。")  # fmt: skip
NOTICE = (
    "关于转发《{title}》的通知",
    "各有关单位：",
    "现将《{title}》转发给你们，请结合实际认真学习借鉴。各单位要对照报告中的经验做法和存在问题，查找自身差距，研究改进措施。",
    "学习贯彻情况请于月底前书面反馈，联系电话见通知附件。",
    "附件：{title}",
)
RESIDUE = ("[bookmark: _GoBack]", "\u200b", "\ufeff", "[bookmark: _Hlk96000001]", "\u200d")
WIDTHS = str.maketrans("，：；（）！？％", ",:;()!?%")
FULL_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")


def reflowed(text: str, dice: Random) -> str:
    """P01: other paragraphs, indents and blank lines; the characters are the same."""
    lines: list[str] = []
    for line in text.split("\n"):
        if line.count("。") > 2 and dice.random() < 0.5:
            middle = line.index("。", len(line) // 3) + 1
            lines += [line[:middle], line[middle:]]
        else:
            lines.append(line)
    indent, gap = dice.choice(["　　", "    ", "\u00a0\u00a0 "]), dice.choice(["\n", "\n\n", "\n \n"])
    return gap.join(indent + line + dice.choice(["", " ", "　"]) for line in lines if line)


def framed(text: str, dice: Random) -> str:
    """P02: the lines of a page around it."""
    stated = {
        "index": f"1133{dice.randrange(10**12):012}/2024-{dice.randrange(10**5):05}",
        "office": dice.choice(["县政府办公室", "司法局", "党政办", "政务公开办"]),
        "day": f"2024-0{dice.randint(1, 9)}-{dice.randint(10, 28)}",
        "hits": str(dice.randrange(9000)),
        "code": f"{dice.randrange(10**10):010}",
    }
    above, below = ([one.format(**stated) for one in frame if dice.random() < 0.75] for frame in (FRAME_ABOVE, FRAME_BELOW))
    return "\n".join([*above, text, *below])


@cache
def converter(how: str) -> OpenCC:
    """Return a converter of OpenCC: s2t, s2tw, s2hk."""
    return OpenCC(how)


def traditional(text: str, how: str) -> str:
    """P03: Traditional characters."""
    return str(converter(how).convert(text))


def widened(text: str, dice: Random) -> str:
    """P04: punctuation folded to ASCII, or digits made wide, or both."""
    kind = dice.randrange(3)
    text = text.translate(WIDTHS) if kind != 1 else text
    return text.translate(FULL_DIGITS) if kind else text


def littered(text: str, dice: Random) -> str:
    """P05: residue of word processors and of lost spaces."""
    for litter in dice.sample(RESIDUE, 3):
        at = dice.randrange(len(text))
        text = text[:at] + litter + text[at:]
    lines = text.split("\n")
    lines[-1] = "?" * dice.randint(12, 54) + lines[-1]
    lines.insert(dice.randrange(1, len(lines)), "?" * dice.randint(1, 3))
    return "\n".join(lines)


def headless(report: Report, what: str) -> Report:
    """P06: without its title, or (`both`) without title and signature."""
    return replace(report, title="", tail=() if what == "both" else report.tail)


def edited(report: Report, share: float, dice: Random) -> Report:
    """P07: a share of the sentences edited, one at least: slips mended, a figure corrected here and there."""
    places = [(n, m) for n, line in enumerate(report.lines) for m, one in enumerate(line) if one.endswith("。")]
    chosen = set(dice.sample(places, max(1, round(share * len(places)))))
    lines = [
        [slip(one, dice) if (n, m) in chosen else one for m, one in enumerate(line)] for n, line in enumerate(report.lines)
    ]
    return replace(report, lines=tuple(map(tuple, lines)))


def throughout(report: Report) -> Report:
    """P07: one word for another throughout: 本县 for 我县."""
    lines = tuple(tuple(re.sub("我(?=[县区市镇乡局省]|街道)", "本", one) for one in line) for line in report.lines)
    return replace(report, lines=lines)


def slip(sentence: str, dice: Random) -> str:
    """Return a sentence with a slip mended, or (one in five) with a figure corrected."""
    figures = list(re.finditer(r"(?<![\d.])\d{2,}(?![\d.年])", sentence))
    if figures and dice.random() < 0.2:
        one = dice.choice(figures)
        return sentence[: one.start()] + str(int(one[0]) + dice.randint(1, 8)) + sentence[one.end() :]
    known = [(old, new) for old, new in SLIPS if old in sentence]
    if not known:
        return sentence[:-1] + "等。"
    old, new = dice.choice(known)
    return sentence.replace(old, new, 1)


def wrapped(text: str, dice: Random) -> str:
    """P08: lines of a PDF, all equally long, with page numbers between them; the indents are kept or lost."""
    width, height = dice.randint(26, 40), dice.randint(22, 30)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        paragraph = "　　" + paragraph if "。" in paragraph else paragraph
        lines += [paragraph[n : n + width] for n in range(0, len(paragraph), width)]
    if dice.random() < 0.5:
        lines = [line.lstrip() for line in lines]
    style = dice.choice(["— {} —", "- {} -", "{}"])
    pages = [lines[n : n + height] for n in range(0, len(lines), height)]
    return "\n".join("\n".join([*page, style.format(n)]) for n, page in enumerate(pages, 1))


def forwarded(report: Report) -> str:
    """P09: under the notice that forwards it."""
    return "\n".join([*(line.format(title=report.title) for line in NOTICE), report.text])


def cut(report: Report, kept: float, start: str) -> Report:
    """T1 to T3: a part of the sentences in one piece, from the `start` (with the title) or the `middle` on (without)."""
    places = [(n, m) for n, line in enumerate(report.lines) for m in range(len(line))]
    number = max(1, round(kept * len(places)))
    first = 0 if start == "start" else min(len(places) // 4 + 1, len(places) - number)
    inside = set(places[first : first + number])
    lines = tuple(tuple(one for m, one in enumerate(line) if (n, m) in inside) for n, line in enumerate(report.lines))
    return replace(report, title=report.title if start == "start" else "", lines=tuple(filter(None, lines)), tail=())


#: Changes of a text alone, by class; P03 takes its script.
PLAIN: dict[str, Callable[[str, Random], str]] = {
    "P01": reflowed,
    "P02": framed,
    "P04": widened,
    "P05": littered,
    "P08": wrapped,
}


def changed(text: str, change: str, dice: Random) -> str:
    """Apply a change of a text alone: P01, P02, P04, P05, P08, or P03 with its script (`P03 s2tw`)."""
    name, _, how = change.partition(" ")
    return traditional(text, how) if name == "P03" else PLAIN[name](text, dice)
