"""Labels of metadata blocks and info bars: variants mapped to the canonical ones, and lines cut into label and value."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from cleaning.document import LABELS

#: Canonical label -> its variants in order of priority: of several on a page the first in this order counts
#: (发文字号 > 文件编号 > 文号; 发布机构, who made it public, before who drew it up or supplied it). Field-notes 3.1 and 4.7.
VARIANTS = {
    "索引号": "索引号 信息索引号 信息索引 索取号 索引",
    "文号": "发文字号 文件字号 发文文号 文件编号 文号",
    "发布机构": "发布机构 发文机关 发文机构 发文单位 制发机关 制发机构 发布单位 公开单位 责任单位 "
    "信息发布单位 信息提供单位 来源单位 公开责任部门 公开责任单位 责任部门 发布部门 发布机关",
    "来源": "来源 信息来源 文章来源 稿件来源 内容来源 新闻来源 稿源 来稿 来源于 信息出处 文章出处 出处 转载自 转载来源",
    "成文日期": "成文日期 成文时间 制发日期 发文日期 发文时间",
    "发布日期": "发布日期 发布时间 公布日期 公布时间 公开日期 公开时间 发表时间 发表日期 发稿时间 信息时间 "
    "发布于 录入时间 上传时间 添加时间 创建时间 日期 时间 更新时间 更新日期",
    "标题": "标题 文件名称 信息名称 文件标题 信息标题 名称",
    "主题分类": "主题分类 所属主题 组配分类 信息分类 目录分类 分类 公开事项名称",
    "体裁分类": "体裁分类 公文种类 文种 体裁",
    "公开方式": "公开方式 公开形式 公开属性 公开范围 公开时限 公开类别",
    "服务对象": "服务对象 服务对象分类",
    "有效性": "有效性 信息有效性 效力状况 效力状态 有效状态 时效性 时效状态 有效期 失效日期 废止日期 实施日期 生效日期",
    "关键词": "关键词 主题词 关键字",
    "责任编辑": "责任编辑 编辑 责编",
}
#: Labels that end the value before them but fill no column: index stamps, abstracts, counters, tools.
OTHER = (
    "生成日期 内容概述 内容摘要 摘要 概述 附件下载 文件下载 目录项的基本信息 基本信息 信息类别 语种 "
    "浏览量 浏览次数 阅读次数 阅读量 点击率 点击数 点击量 点击次数 访问量 访问次数 阅读 浏览 点击 人气 已阅 "
    "字号 字体 字体大小 文章字号 视力保护色 保护视力色 分享 分享到 打印 作者 撰稿 供稿 校对 审核 审稿 初审 复审 终审 发布人 "
    "文章录入 录入 录入人 录入员 信息录入 发布者 撰稿人 供稿人 供稿单位 通讯员 摄影 审核人 责任校对 一审 二审 三审 签发 "
    "访问人数 阅读人数 信息发布人 信息审核人 信息员 信息审核 信息校对 评论 评论数 点赞 收藏 转载 备注"
)
_CANONICAL = {variant: label for label, variants in VARIANTS.items() for variant in variants.split()}
_PRIORITY = {variant: n for variants in VARIANTS.values() for n, variant in enumerate(variants.split())}
_KNOWN = {*_CANONICAL, *OTHER.split()}
#: Common single words: two of them in a line are no metadata unless a clearer label stands beside them.
_WEAK = {"名称", "日期", "时间", "分类", "来源", "编辑", "索引", "文种", "体裁", *OTHER.split()}

_TRADITIONAL = dict(
    zip(
        "号发机构布时间题类关键词来责辑编称标体开属围务对单门状况种制浏览点击阅读访问录项据报导审终稿数转载处签",
        "號發機構佈時間題類關鍵詞來責輯編稱標體開屬圍務對單門狀況種製瀏覽點擊閱讀訪問錄項據報導審終稿數轉載處簽",
        strict=True,
    )
)
_SIMPLIFIED = str.maketrans({old: new for new, old in _TRADITIONAL.items()})
#: Longer lines are prose.
LONGEST = 1000
_COLON = "[:：∶﹕︰]"
_ANY_COLON = re.compile(_COLON)
#: What a label may be glued to: the end of a body's name (县司法局作者：).
_GLUED_TO = "[局委办府院处心社网站台部室乡镇队]"
_GLUED = "作者 编辑 责任编辑 来源 日期 时间 浏览 阅读 点击 审核 供稿 分享 字体 字号 评论"
_BULLETS = "•·●■◆▪*【[〔［(（<《】]〕］)）>》"
_CELLS = re.compile(r"[|｜│\t]")
_GAP = re.compile(r"\s+")
_HEADED = re.compile(r"[【\[［]([^】\]］：:]{2,8})[】\]］]\s*[:：]?")
#: What a machine writes after a date: 10:20:05, T10:20:05+08:00, 10时20分, 星期三.
_WEEKDAY = "[（(]?(?:星期|周)[一二三四五六日天][）)]?"
CLOCK = (
    rf"(?:(?:\s*{_WEEKDAY})?[\sT]*\d{{1,2}}[:：时]\d{{1,2}}(?:[:：分](?:\d{{1,2}}(?:\.\d+)?秒?)?)?"
    r"(?:[+]\d\d:?\d\d|Z)?)"
)
#: A full date in figures of either width, or in Chinese ones.
DAY = (
    r"(?:(?:[1１][9９]|[2２][0０])\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}+日?+"
    r"|二[〇○◯零OＯ0][〇○◯零OＯ0一二三四五六七八九]{2}年[一二三四五六七八九十元]{1,3}月[一二三四五六七八九十廿]{1,3}日)"
)
_WHEN_PREFIX = re.compile(rf"[\[（(【]?\s*(?:{DAY}|\d{{1,2}}-\d{{1,2}}(?!\d))(?:{CLOCK}|\s*{_WEEKDAY})?\s*[\]）)】]?")
#: A site that puts its name before its bar: 甲省人民政府门户网站 www.jia.gov.cn 时间：…
_SITE_PREFIX = re.compile(r"[\u4e00-\u9fff]{2,30}(?:网站|网|门户)?\s*(?:(?:https?://)?[\w.]+\.(?:cn|com|net)/?)?\s*")


def normalise(label: str) -> str:
    """Return a label without white space (U+3000 and NBSP too), colons, bullets and brackets, in Simplified characters."""
    return re.sub(rf"[\s\u200b\ufeff]|{_COLON}", "", label).strip(_BULLETS).translate(_SIMPLIFIED)


def canonical(label: str) -> str | None:
    """Return the canonical label (one of cleaning.document.LABELS) that `label` is a variant of, or None.

    生成日期 is no variant: it stamps the index record, neither the document nor the page (field-notes 3.1).
    信息来源 is 来源, as annotated pages have it; `to_fields` lets it stand in for a missing 发布机构 too.
    """
    return _CANONICAL.get(normalise(label))


def is_label(label: str) -> bool:
    """Tell whether `label` is one that metadata blocks or info bars use, with a canonical form or without."""
    return normalise(label) in _KNOWN


def is_placeholder(value: str) -> bool:
    """Tell whether a value says nothing: empty, dashes, 无."""
    return bool(
        re.fullmatch(r"[-—–―－_~/\\.·*]*|无|暂无|空|无文号|null|none|undefined", re.sub(r"\s", "", value), re.IGNORECASE)
    )


class Pair(NamedTuple):
    """A label as shown with its value, and where they stood (one of cleaning.document.FIELD_SOURCES)."""

    label: str
    value: str
    source: str = ""


def to_fields(pairs: Iterable[Pair]) -> dict[str, Pair]:
    """Return canonical label -> the pair that counts.

    Placeholders are no value. Of several variants the one that stands first in VARIANTS wins, then the first on the page.
    """
    best: dict[str, tuple[int, Pair]] = {}
    for pair in pairs:
        variant, value = normalise(pair.label), " ".join(pair.value.split())
        if is_placeholder(value) or variant not in _CANONICAL:
            continue
        label, rank = _CANONICAL[variant], _PRIORITY[variant]
        pair = pair._replace(value=value)
        if label not in best or rank < best[label][0]:
            best[label] = (rank, pair)
        if variant == "信息来源" and "发布机构" not in best:
            best["发布机构"] = (len(_PRIORITY), pair)
    return {label: best[label][1] for label in LABELS if label in best}


def split_pairs(line: str) -> list[tuple[str, str]]:
    """Cut a line of label：value pairs, inline or as the cells of a table row (| or tab), into (label as shown, value).

    The line must begin with a label, or with a bare date before it (which is no pair), and each further label must stand apart
    from the value before it, so that prose with 来源： in it stays whole. A counter or tool (浏览量：) ends a value too.

    Returns:
        The pairs, values stripped and possibly empty; [] when the line is none of these.
    """
    if len(line) > LONGEST:
        return []
    if "】" in line or "]" in line or "］" in line:
        line = _HEADED.sub(lambda match: f"\u3000{match[1]}：" if is_label(match[1]) else match[0], line)
    cells = [cell.strip() for cell in _CELLS.split(line)]
    if len(cells) > 1:
        pairs = _split_cells([cell for cell in cells if cell] if "\t" not in line else cells)
    else:
        pairs = _split_inline(line.strip())
    return pairs if _plausible(pairs) else []


def _split_cells(cells: list[str]) -> list[tuple[str, str]]:
    """Pair the cells of one row: a label takes the next cell, one with a colon is cut by itself; labels alone head a table."""
    pairs: list[tuple[str, str]] = []
    rest = iter(range(len(cells)))
    for n in rest:
        following = cells[n + 1] if n + 1 < len(cells) else ""
        if is_label(cells[n]):
            taken = not is_label(following) and not _split_inline(following)
            pairs.append((_shown(cells[n]), following if taken else ""))
            if taken:
                next(rest, None)
        else:
            pairs += _split_inline(cells[n])
    return pairs if any(value for _, value in pairs) else []


def _split_inline(line: str) -> list[tuple[str, str]]:
    if not _ANY_COLON.search(line):  # most lines have none, and the pattern of all labels is slow
        return []
    prefix = _WHEN_PREFIX.match(line)
    line = line[prefix.end() :] if prefix else line
    found = [_begun(match) for match in _label_pattern().finditer(line)]
    if not found:
        return []
    before = line[: found[0][0]].strip(_BULLETS + " \u3000\xa0")
    if before and not (len(found) > 1 and ("网" in before or ".cn" in before) and _SITE_PREFIX.fullmatch(before)):
        return []
    ends = [start for start, _, _ in found[1:]] + [len(line)]
    return [
        (_shown(label), line[begun:end].strip().rstrip("|｜；;，,[【").strip())
        for (_, label, begun), end in zip(found, ends, strict=True)
    ]


def _begun(match: re.Match[str]) -> tuple[int, str, int]:
    """Return where a label begins, the label, and where its value begins.

    A label is padded (发 布 机 构) or not: what is glued to the value before it, and apart from a label of its own, ends that
    value (主动公开　　责任单位：).
    """
    label = match["label"] or match["glued"] or match["named"]
    gap = _GAP.search(label) if match["glued"] else None
    if gap and is_label(label[gap.end() :]):
        return match.start() + gap.end(), label[gap.end() :], match.end()
    return match.start(), label, match.end()


def _plausible(pairs: list[tuple[str, str]]) -> bool:
    """Three labels are metadata; one or two only with short values that are no sentences, weak ones with hardly any marks."""
    clear = [shown for shown, _ in pairs if normalise(shown) not in _WEAK]
    if not pairs or len(pairs) >= 3 or (clear and len(pairs) == 2):
        return bool(pairs) and not any("。" in value and canonical(shown) for shown, value in pairs)
    return all(len(value) <= 60 and not re.search(r"[。；;！？，,]", value) for _, value in pairs) or (
        len(clear) == len(pairs) and all(len(value) <= 120 and "。" not in value for _, value in pairs)
    )


def _shown(label: str) -> str:
    return re.sub(rf"\s*{_COLON}\s*$", "", label).strip(_BULLETS + " \u3000\xa0\t")


@cache
def _label_pattern() -> re.Pattern[str]:
    """Known labels before a colon, spaced or not; short ones must stand apart from Chinese before them."""

    def alternatives(names: Iterable[str]) -> str:
        return "|".join(
            r"\s*".join(f"[{char}{_TRADITIONAL.get(char, '')}]" for char in name)
            for name in sorted(names, key=len, reverse=True)
        )

    short = {name for name in _KNOWN if len(name) < 3 or name in _WEAK - {"浏览量", "浏览次数", "点击数", "阅读次数", "访问量"}}
    apart = rf"(?:^|(?<=[^\u4e00-\u9fff“‘《]))(?P<label>{alternatives(_KNOWN)})"
    named = rf"(?<={_GLUED_TO})(?P<named>{_GLUED.replace(' ', '|')})"
    return re.compile(rf"(?:{apart}|(?P<glued>{alternatives(_KNOWN - short)})|{named})[】\])）]?\s*{_COLON}")
