"""Labels: variants of field-notes 3.1, and lines that are label and value, or only look so."""

import pytest

from cleaning.document import LABELS
from cleaning.labels import VARIANTS, Pair, canonical, is_label, is_placeholder, split_pairs, to_fields

NOTES = {
    "索引号": "索引号 信息索引号",
    "标题": "文件名称 名称 标题 信息名称",
    "发布机构": "发布机构 发文机关 制发机构 制发机关 发文机构 发布单位 发文单位 公开单位 责任单位 来源单位 "
    "信息提供单位 信息发布单位 公开责任部门",
    "文号": "发文字号 文号 文件字号 文件编号 发文文号",
    "成文日期": "成文日期 成文时间 制发日期 发文日期 发文时间",
    "发布日期": "发布日期 发布时间 公开日期 公开时间 更新时间 日期",
    "主题分类": "主题分类 分类 组配分类 信息分类 目录分类 公开事项名称",
    "体裁分类": "体裁分类 公文种类 文种",
    "服务对象": "服务对象 服务对象分类",
    "公开方式": "公开方式 公开形式 公开属性 公开范围 公开时限",
    "有效性": "有效性 效力状况 信息有效性 有效期 失效日期 废止日期 实施日期",
    "关键词": "主题词 关键词",
    "来源": "来源 文章来源 信息来源 稿件来源",
    "责任编辑": "责任编辑 编辑",
}


@pytest.mark.parametrize(("label", "variant"), [(label, v) for label, words in NOTES.items() for v in words.split()])
def test_variants(label, variant):
    assert canonical(variant) == label
    assert canonical("　".join(variant) + "：") == label
    assert canonical(f"• {variant}:\xa0") == label


def test_every_canonical_label_has_variants():
    assert set(VARIANTS) == set(LABELS)
    assert all(canonical(label) == label for label in LABELS)


@pytest.mark.parametrize("label", ["生成日期", "内容概述", "附件下载", "浏览量", "基本信息", "字号"])
def test_labels_without_a_column(label):
    assert canonical(label) is None
    assert is_label(label)


@pytest.mark.parametrize("label", ["", "工作来源地", "县人民政府", "一、主要工作"])
def test_no_label(label):
    assert canonical(label) is None
    assert not is_label(label)


def test_traditional_labels():
    assert canonical("索引號") == "索引号"
    assert canonical("發佈日期：") == "发布日期"


@pytest.mark.parametrize("value", ["", "-", "—", "—  —", "无", "--", "暂无", "/", " \xa0", "null"])
def test_placeholder(value):
    assert is_placeholder(value)


@pytest.mark.parametrize("value", ["无锡市人民政府", "A-1", "2020-03-11", "0"])
def test_no_placeholder(value):
    assert not is_placeholder(value)


def chosen(*pairs: tuple[str, str]) -> dict[str, str]:
    return {label: pair.value for label, pair in to_fields(Pair(*pair) for pair in pairs).items()}


def test_priority():
    pairs = [("文号", "丙"), ("文件编号", "乙"), ("发文字号", "甲"), ("发文机关", "县政府"), ("发布机构", "县政府办公室")]
    assert chosen(*pairs) == {"文号": "甲", "发布机构": "县政府办公室"}
    assert chosen(*pairs[:2]) == {"文号": "乙"}
    assert chosen(("发文字号", "-"), ("文号", "青政报〔2024〕5号")) == {"文号": "青政报〔2024〕5号"}
    assert chosen(("更新时间", "2024-05-01"), ("发布时间", "2024-03-01")) == {"发布日期": "2024-03-01"}


def test_information_source_stands_in_for_the_publisher():
    assert chosen(("信息来源", "县司法局")) == {"发布机构": "县司法局", "来源": "县司法局"}
    assert chosen(("信息来源", "县司法局"), ("发布机构", "县政府")) == {"发布机构": "县政府", "来源": "县司法局"}


def test_the_place_of_a_value_comes_with_it():
    assert to_fields([Pair("发布时间", "2024-03-01", "info_bar")])["发布日期"].source == "info_bar"


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        (
            "索引号：11339821002938471Q/2024-00031　　主题分类：政府工作　　发布机构：县政府办公室",
            [("索引号", "11339821002938471Q/2024-00031"), ("主题分类", "政府工作"), ("发布机构", "县政府办公室")],
        ),
        (
            "日期:2024-03-12 10:17:59 来源:县政府办公室 浏览量: ",
            [("日期", "2024-03-12 10:17:59"), ("来源", "县政府办公室"), ("浏览量", "")],
        ),
        ("发布时间：2024-03-12来源：县司法局", [("发布时间", "2024-03-12"), ("来源", "县司法局")]),
        ("来源：县政府办公室浏览量：12", [("来源", "县政府办公室"), ("浏览量", "12")]),
        ("2024-03-12 来源：县政府办公室 字号：[大 中 小]", [("来源", "县政府办公室"), ("字号", "[大 中 小]")]),
        ("发布时间：2024-03-12 | 来源：县司法局", [("发布时间", "2024-03-12"), ("来源", "县司法局")]),
        ("【索引号】：123 【发布机构】：县政府", [("索引号", "123"), ("发布机构", "县政府")]),
        (
            "| 索引号 | 620321/2024-0001 | 发布机构 | 县政府 | 发布日期 | 2024-01-02 |",
            [("索引号", "620321/2024-0001"), ("发布机构", "县政府"), ("发布日期", "2024-01-02")],
        ),
        ("索引号\t123\t发文机关\t县政府", [("索引号", "123"), ("发文机关", "县政府")]),
        ("索 引 号：\t123\t主题分类：\t综合政务\\其他", [("索 引 号", "123"), ("主题分类", "综合政务\\其他")]),
        ("发文字号\t\t成文日期\t2024-02-26", [("发文字号", ""), ("成文日期", "2024-02-26")]),
        ("发布日期：2024-03-12", [("发布日期", "2024-03-12")]),
        ("• 信息索引号:", [("信息索引号", "")]),
        ("索引号：123 生成日期：2024-01-01 文号：无", [("索引号", "123"), ("生成日期", "2024-01-01"), ("文号", "无")]),
    ],
)
def test_split_pairs(line, pairs):
    assert split_pairs(line) == pairs


@pytest.mark.parametrize(
    "line",
    [
        "",
        "2023年，全县拓宽线索来源：设立举报箱12个。",
        "来源：一是群众举报，二是部门移送，三是自行发现。",
        "一是明确责任单位：县司法局牵头，发布日期：每年3月。",
        "名称\t时间\t来源",
        "行政复议\t12\t3",
        "时间：2024年5月；地点：县会议室，由县司法局主持。",
        "办理情况如下：受理12件，办结11件。",
        "2024年3月5日",
        "甲" * 2000 + "来源：乙",
    ],
)
def test_prose_and_tables_stay_whole(line):
    assert split_pairs(line) == []
