"""Indicators: the figures that evaluators copy by hand, each with its sentence; precise rather than complete.

A rule names what stands before the number. Where a number could belong to something else, it is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NUMBER = r"(?P<value>\d[\d,，]*(?:\.\d+)?)(?P<times>万)?(?P<about>余|多)?"
CASES = NUMBER + r"(?P<unit>件|起|宗)(?!次)"
SHARE = NUMBER + r"(?P<unit>[%％])(?!以上|左右)"
REACHES = r"(?:分别|继续|连续[^，,。；]{1,4}年|首次|均|都|稳定)*(?:为|达到了?|达|升至|升到|提高到|提升至|上升到|保持在?|是)?"
COUNTED = r"(?:案件|申请|共|计|总数|[:：为达有])*"
#: What may stand between 行政复议 and a number that still belongs to it, and between a document and what was done with it.
NEAR = r"(?:(?!诉讼|应诉|法院|仲裁|信访|投诉|援助|人民调解)[^。；;！!\n]){0,60}?"
AFTER = r"(?:(?!审批|执法|案件|合同|诉)[^。；;！!\n]){0,40}?"

#: A word without which no pattern of a name fits: most sentences hold none and need no search.
NEEDS = {"行政复议": "复议", "行政诉讼": "诉", "负责人": "出庭", "规范性文件": "规范性文件", "行政执法": "行政执法人员",
         "行政处罚": "行政处罚", "合同": "合同", "调解": "调解", "法律援助": "法律援助"}  # fmt: skip
#: Name -> pattern of everything up to the number and its unit; the first that fits is taken.
RULES: dict[str, tuple[str, ...]] = {
    "行政复议收到": (
        rf"(?:收到|新收|接收)(?:各类)?行政复议(?:案件)?(?:申请)?(?:案件)?{COUNTED}{CASES}",
        rf"行政复议收案{CASES}",
    ),
    "行政复议受理": (
        rf"受理(?:各类)?行政复议{COUNTED}{CASES}",
        rf"行政复议{NEAR}[，,、；](?:依法|共|其中|予以)*(?:受理|立案){CASES}",
    ),
    "行政复议审结": (
        rf"(?:办结|审结)(?:各类)?行政复议{COUNTED}{CASES}",
        rf"行政复议{NEAR}[，,、](?:依法|共|已|现|年内)*(?:办结|审结|审理结案|结案){CASES}",
    ),
    "行政复议纠正": (
        rf"行政复议{NEAR}[，,、（(](?:其中|以|直接|综合)*(?:纠错|纠正|撤销、变更、?(?:和|或)?确认违法|撤销(?:和|、)确认违法){CASES}",
    ),
    "行政诉讼案件": (
        rf"(?:一审)?行政(?:诉讼|应诉)(?:一审)?{COUNTED}(?:结案|审结)?{CASES}",
        rf"行政机关(?:被诉|一审应诉案件){CASES}",
    ),
    "行政诉讼败诉": (rf"(?:行政诉讼|应诉|行政机关|被诉)[^。；;！!\n]{{0,60}}?[，,、](?:其中)?(?:行政机关)?败诉{CASES}",),
    "负责人出庭率": (rf"(?:负责人)?出庭(?:应诉)?率{REACHES}{SHARE}",),
    "规范性文件制定": (rf"(?:制定|制发|印发|出台|发布)[^，,。；;\d]{{0,16}}规范性文件{COUNTED}{CASES}",),
    "规范性文件审查": (rf"(?:审查|审核)(?:各类)?(?:行政)?规范性文件(?:草案|送审稿)?{COUNTED}{CASES}",),
    "规范性文件备案": (
        rf"(?:报送备案|报备|备案)(?:行政)?规范性文件{COUNTED}{CASES}",
        rf"规范性文件{CASES.replace('?P<', '?P<_')}{AFTER}(?:报送备案|报备|备案){CASES}",
    ),
    "行政执法人员": (
        rf"(?<!培训)(?<!新增)(?:持证|在岗|在编)?行政执法人员(?:共有?|总数|达|增至|有)?{NUMBER}(?P<unit>名|人)(?!次)",
        rf"(?:现有|共有|拥有)(?:持证)?{NUMBER}(?P<unit>名)(?:持证)?行政执法人员",
    ),
    "行政处罚": (rf"(?:办结|办理|作出|实施|查处)?行政处罚(?:案件|决定)?(?:共|计|总数|为|达)?{CASES}",),
    "合同审查": (
        rf"(?:审查|审核)[^，,。；;\d]{{0,14}}合同(?:、?协议)?(?:文本)?{NUMBER}(?P<unit>份|件)",
        rf"合同审查{NUMBER}(?P<unit>份|件)",
    ),
    "调解": (
        rf"人民调解[^，,。；;\d]{{0,12}}(?:受理|调处|化解|调解)[^，,。；;\d]{{0,8}}{CASES}",
        rf"调解(?:各类)?(?:矛盾)?纠纷{CASES}",
    ),
    "调解成功率": (rf"调解(?:(?!在线|线上|指导)[^。；;！!\n]){{0,40}}?(?:调解)?成功率{REACHES}{SHARE}",),
    "法律援助": (
        rf"(?:办理|受理|办结)(?:各类)?法律援助(?:案件)?{COUNTED}{CASES}",
        rf"法律援助(?:受理|办理|办结)(?:案件)?{COUNTED}{CASES}",
    ),
}
PATTERNS = [
    (name, next(word for begin, word in NEEDS.items() if name.startswith(begin)), re.compile(pattern))
    for name, patterns in RULES.items()
    for pattern in patterns
]
SENTENCE = re.compile(r"[^。！!？\n]+[。！!？]?")
#: A sentence that speaks of plans or of several years says nothing about this one.
OTHER_TIMES = re.compile(
    r"力争|确保|预计|计划|目标[是为]|不低于|将[于在]|近[一二三四五六七八九十两\d]+年|[三五十]年来|以来.{0,6}累计|历年|“?十[二三四]五”?(?:时期|期间)"
)
#: Words right before a match that make it a part of the whole.
PART = re.compile(r"(?:依据|其中|试点|首批)[^，,。；;]{0,10}$")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number of the text. Offsets count characters of the text."""

    name: str  #: one of RULES
    value: float
    unit: str  #: as printed; shares in %
    sentence: str
    start: int
    end: int
    confidence: float  #: 0 to 1


def indicators(text: str) -> list[Figure]:
    """Return the figures of a report, the first of each name, in the order of the text."""
    found: dict[str, Figure] = {}
    for sentence in SENTENCE.finditer(text):
        said = sentence.group()
        fitting = [(name, pattern) for name, word, pattern in PATTERNS if name not in found and word in said]
        if not fitting or OTHER_TIMES.search(said) or not re.search(r"\d", said):
            continue
        for name, pattern in fitting:
            match = None if name in found else pattern.search(said)
            if match and not PART.search(said[: match.start()]):
                value = round(float(re.sub("[,，]", "", match["value"])) * (10_000 if match["times"] else 1), 6)
                unit = "%" if match["unit"] in "%％" else match["unit"]
                if unit == "%" and value > 100:
                    continue
                found[name] = Figure(
                    name=name,
                    value=value,
                    unit=unit,
                    sentence=said.strip(),
                    start=sentence.start() + match.start("value"),
                    end=sentence.start() + match.end("times" if match["times"] else "value"),
                    confidence=0.8 if match["about"] else 0.95,
                )
    return sorted(found.values(), key=lambda figure: (figure.start, figure.name))
