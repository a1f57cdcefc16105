"""The signature at the end of a text, with what may stand after and before it."""

from datetime import date

import pytest

from cleaning.signature import find

BODY = "一、主要工作\n（一）加强领导。全年研究法治政府建设工作6次。\n"


@pytest.mark.parametrize(
    ("ending", "issuers", "signed"),
    [
        ("青禾县人民政府\n2024年2月26日", ["青禾县人民政府"], date(2024, 2, 26)),
        ("青禾县人民政府\n二〇二四年三月五日", ["青禾县人民政府"], date(2024, 3, 5)),
        ("青禾县人民政府 2024年2月26日", ["青禾县人民政府"], date(2024, 2, 26)),
        ("中共云溪市临澜区委 云溪市临澜区人民政府\n3月1日", ["中共云溪市临澜区委", "云溪市临澜区人民政府"], None),
        ("中共青禾县委员会\n青禾县人民政府\n2024年3月1日", ["中共青禾县委员会", "青禾县人民政府"], date(2024, 3, 1)),
        ("青禾县教育局（盖章）\n2024年1月5日", ["青禾县教育局"], date(2024, 1, 5)),
        ("青禾县 人民政府\n2024 年 1 月 5 日", ["青禾县人民政府"], date(2024, 1, 5)),
        ("青禾县水利局", ["青禾县水利局"], None),
        ("2024年1月5日", [], date(2024, 1, 5)),
        ("青禾县人民政府\n2024年2月26日\n（此件公开发布）", ["青禾县人民政府"], date(2024, 2, 26)),
        ("青禾县人民政府\n2024年2月26日\n附件：1.统计表\n2.名单", ["青禾县人民政府"], date(2024, 2, 26)),
        ("青禾县人民政府\n2024年2月26日\n联系人：张某，联系电话：0579-1234567", ["青禾县人民政府"], date(2024, 2, 26)),
    ],
)
def test_signed(ending, issuers, signed):
    text = BODY + ending
    found = find(text)
    assert list(found.issuers) == issuers
    assert found.signed == signed
    assert text[found.start :] == ending


@pytest.mark.parametrize(
    "closing", ["专此报告。", "特此报告。", "附件：1.青禾县行政执法统计表\n2.青禾县重大决策目录", "专此报告。\n附件：统计表"]
)
def test_closing_lines_belong_to_it(closing):
    text = f"{BODY}{closing}\n青禾县人民政府\n2024年2月26日"
    assert text[find(text).start :].startswith(closing)


@pytest.mark.parametrize(
    "text",
    [
        "",
        BODY,
        BODY + "四是进一步完善规范性文件备案制度和监督制度。",
        BODY + "专此报告。",
        "青禾县人民政府\n2024年2月26日\n" + "各项工作有序推进。\n" * 20,
        BODY + "三、建立健全综合执法中心",
    ],
)
def test_unsigned(text):
    assert find(text) is None
