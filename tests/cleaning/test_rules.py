"""Boilerplate rules: what each takes at the edges, what stands in the middle and stays, and the residue inside lines."""

from __future__ import annotations

import pytest

from cleaning import clean
from cleaning.lines import Line, squeeze
from cleaning.rules.catalogue import GENUINE, RULES
from cleaning.rules.peel import peel, rule_of
from cleaning.rules.reasons import RULE_REASONS
from cleaning.rules.residue import remove_residue
from tests.cleaning.designs import LINES

#: name of a rule: a line that it takes.
DROPPED = r"""
qr_code: 扫一扫在手机打开当前页
qr_code: 扫一扫在手机上查看当前页面
qr_code: 扫一扫，手机打开当前页
qr_code: 手机扫一扫
qr_code: 扫码浏览
qr_code: 用手机扫描二维码
qr_code: 微信扫一扫：分享
qr_code: 微信里点“发现”，扫一下
qr_code: 使用微信“扫一扫”
qr_code: 分享给您的微信好友
qr_code: 扫一扫，分享给好友或朋友圈
print_close: 打印
print_close: 【打印】
print_close: 【打印本页】
print_close: 打印文章
print_close: 关闭
print_close: 【关闭】
print_close: 关闭窗口
print_close: 返回顶部
print_close: 回到顶部
print_close: 返回列表
print_close: 收藏
print_close: 加入收藏
print_close: 设为首页
print_close: 【打印本页】【关闭窗口】
print_close: 打印本页 关闭窗口
font_size: 字体：【大 中 小】
font_size: 字号：[ 大 中 小 ]
font_size: 【字体：大 中 小】
font_size: T浏览字号
font_size: 文章字号
font_size: Aa
font_size: A- A+
font_size: 小 | 中 | 大
font_size: 默认 超大
share: 分享：
share: 分享到：
share: 分享到 微信 微博 空间 QQ 头条
share: 一键分享
share: 【分享】
read_aloud: 朗读
read_aloud: 语音播报
read_aloud: 播放
read_aloud: 听文章
read_aloud: 暂停
read_aloud: 停止
media_player: 您的浏览器不支持video标签
counter: 浏览量：
counter: 浏览次数：35次
counter: 阅读量：1024
counter: 点击数：88
counter: 访问量 12 次
breadcrumb: 当前位置：首页 > 政务公开
breadcrumb: 您的位置：首页
breadcrumb: 您现在的位置：首页>>公开
breadcrumb: 首页 > 政务公开 > 法治政府建设
neighbours: 上一篇：柳岭县2022年报告
neighbours: 下一条：没有了
neighbours: 没有了
pager: 上一页 1 2 3 下一页
caption: 【摘要】
caption: 正文内容
pager: 12下一页尾页
pager: 首页 上一页 1 下一页 末页 共1页
public_account: 点击“阅读原文”查看更多
public_account: 点击上方蓝字关注我们
public_account: - END -
public_account: 点分享 点收藏 点点赞 点在看
related: 往期推荐
related: 原文链接：http://www.liuling.test.gov.cn/a.html
download: 附件：暂无
feedback: 点赞 12 收藏
feedback: 我要纠错 | 下载文字版 | 下载图片版
feedback: 网友评论仅供其表达个人看法，并不表明本站立场。
counter: 128 次浏览
footer: 柳岭县人民政府办公室主办
byline: 来源丨柳岭发布
byline: 编辑丨王某 审核丨李某
related: 相关链接
related: 相关稿件：
related: 相关解读
related: 【部门解读】柳岭县报告解读
related: 热点推荐
related: 猜你喜欢
related: 【相关信息】
download: 附件下载
download: 附件列表：
download: 点击此处下载
print_close: 返回上页
print_close: 打印本文
print_close: 关闭本窗口
footer: 您是本站第120位访客
download: 附件1.统计表.doc
download: 下载文字版
site_tools: 无障碍浏览
site_tools: 长者版
site_tools: 长者助手
site_tools: 退出老年人模式
site_tools: 适老化
site_tools: 关怀版
site_tools: 简体 | 繁体
site_tools: 登录 | 注册
site_tools: 您现在是游客状态
site_tools: 网站支持IPv6
site_tools: 今天是：2024年3月6日 星期三 农历正月廿六
feedback: 我要纠错
feedback: 【纠错】
feedback: 您对本页面内容是否满意
feedback: 满意 基本满意 不满意 提交
feedback: 点赞
feedback: 本页内容对您有帮助吗
feedback: ○非常满意 ○满意 ○不满意
feedback: 您访问的链接即将离开柳岭县人民政府门户网站
replies: 网友留言（3）
replies: 网上调查
pager: 点击展开剩余全文
pager: 上一页 1 2 下一页 余下全文
page_links: 2
related: 关联文件：柳岭县人民政府关于印发行政规范性文件管理办法的通知
related: 政策解读：《柳岭县行政规范性文件管理办法》解读
related: 延伸阅读
caption: 内容概述：柳岭县总结2023年法治政府建设情况，提出下一年打算。
footer: 主办单位：柳岭县人民政府办公室
footer: 技术支持：柳岭县大数据中心
footer: 版权所有 柳岭县人民政府
footer: 网站地图 | 联系我们
footer: 网站标识码：9705230001
footer: 南ICP备12000003号-1
footer: 南公网安备 97052302000001号
footer: 我为政府网站找错
footer: 建议使用1024×768分辨率，IE9.0以上浏览器
byline: 责任编辑：李某
byline: （责任编辑：系统管理员）
byline: 来源：县司法局 作者：王某
byline: 初审：甲 复审：乙 终审：丙
byline: 2024-03-05 10:17
script: $('#share-1').share();
script: var $ = jQuery;
script: document.write('相关政策')
script: {{item.title}}
script: getClickTimes(12, 3, "wbnewsfile")
script: //-->
style_sheet: .TRS_AUTO{line-height:1.5}
style_sheet: @font-face{font-family:x}
style_sheet: img#imgConac{width:30px}
word_residue: Normal 0 7.8 磅 0 2 false false false EN-US ZH-CN X-NONE
word_residue: MsoNormal
word_residue: /* Style Definitions */ table.MsoNormalTable{a:b}
page_number: — 1 —
page_number: - 3 -
footer_contact: 地址：柳岭县人民路1号
footer_contact: 邮编：970523
separator: ＊＊＊＊＊＊
separator: |
separator: ----------
lost_spaces: ?
lost_spaces: ????
"""
EXAMPLES = [(name, text) for name, _, text in (line.partition(": ") for line in DROPPED.strip().split("\n"))]
STAYS = """
（此件公开发布）
（此件主动公开）
专此报告。
特此报告。
柳岭县委、县政府：
柳岭县人民政府
2024年3月1日
二〇二四年三月一日
附件：1.统计表
联系人：张某 联系电话：0970-1234567
四、其他需要报告的情况
无。
联系电话：0970-1234567
“柳岭普法”推文浏览量达2.8万次。
我的分享到这里，感谢大家。
开展经典朗读活动12场。
群众扫一扫即可办理。
联合主办单位举办宣传活动26场次。
中共柳岭县委 柳岭县人民政府
3月1日
"""


@pytest.mark.parametrize(("name", "text"), EXAMPLES)
def test_rule_matches_its_lines(name: str, text: str) -> None:
    rule = rule_of(text, squeeze)
    assert rule is not None
    assert rule.name == name


@pytest.mark.parametrize("text", STAYS.strip().split("\n"))
def test_genuine_lines_have_no_rule(text: str) -> None:
    rule = rule_of(text, squeeze)
    assert rule is None or rule.place == "peel", rule
    lines = [*LINES[:4], text, *LINES[4:7], text]
    assert [line.text for line in peel([Line(one) for one in lines], squeeze)[0]] == lines


def test_every_rule_is_tried_and_has_its_reason() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))
    assert set(names) == {name for name, _ in EXAMPLES}
    assert set(names) == set(RULE_REASONS)


def test_the_middle_of_a_text_is_safe() -> None:
    words = ["打印", "关闭", "朗读", "浏览量：12", "相关链接", "主办单位：县司法局", "来源：统计公报", "2024-03-05 10:17"]
    lines = [*LINES[:4], *words, *LINES[4:7]]
    assert [line.text for line in peel([Line(one) for one in lines], squeeze)[0]] == lines


def test_nothing_above_the_signature_is_peeled() -> None:
    lines = [
        *LINES[:7],
        "附件：1.柳岭县统计表.docx",
        "责任编辑：这是附件的署名",
        *LINES[7:],
        "责任编辑：李某",
        "扫一扫在手机打开当前页",
    ]
    kept, dropped = peel([Line(one) for one in lines], squeeze)
    assert [line.text for line in kept] == lines[:-2]
    assert [one.rule for one in dropped] == ["byline", "qr_code"]


def test_telephones_go_with_a_footer_only() -> None:
    tail = ["联系电话：0970-1234567", "地址：柳岭县人民路1号"]
    kept, _ = peel([Line(one) for one in [*LINES[:7], *tail]], squeeze)
    assert [line.text for line in kept] == [*LINES[:7], *tail]
    kept, dropped = peel([Line(one) for one in [*LINES[:7], "主办单位：柳岭县人民政府", *tail]], squeeze)
    assert ([line.text for line in kept], len(dropped)) == (LINES[:7], 3)


def test_a_list_of_other_pages_goes_with_its_heading() -> None:
    tail = ["相关链接", "柳岭县2022年法治政府建设情况报告", "柳岭县法治宣传月启动 2024-01-03"]
    kept, dropped = peel([Line(one) for one in [*LINES, *tail]], squeeze)
    assert [line.text for line in kept] == LINES
    assert {one.rule for one in dropped} == {"related"}


@pytest.mark.parametrize(
    ("line", "clean_line", "flag"),
    [
        ("[bookmark: _GoBack]2024年，新区", "2024年，新区", "bookmark_residue"),
        ("全文[image: image1.png]如下", "全文如下", "bookmark_residue"),
        ('目录 HYPERLINK \\l "_Toc123" 一、总体情况', "目录 一、总体情况", "bookmark_residue"),
        ("????????????????????柳岭县人民政府", "柳岭县人民政府", "question_marks"),
        ("2024年???????????3月", "2024年 3月", "question_marks"),
        ("怎么办???", "怎么办???", ""),
        ("谁来执法?谁来普法?", "谁来执法?谁来普法?", ""),
        ("[2024]第3号", "[2024]第3号", ""),
    ],
)
def test_residue(line: str, clean_line: str, flag: str) -> None:
    text, got = remove_residue(line)
    assert (" ".join(text.split()), got) == (clean_line, flag)


def test_invisible_characters_and_entities_go() -> None:
    document = clean(
        f"<div id=zoom><p>\ufeff2023年\u200b，&amp;nbsp;县\u00ad政府&amp;ldquo;一网通办&amp;rdquo;</p>{''.join(LINES[3:5])}</div>".encode()
    )
    assert document.text.startswith("2023年， 县政府“一网通办”")


def test_genuine_pattern_knows_the_closing_formulas() -> None:
    assert GENUINE.fullmatch("专此报告。")
    assert not GENUINE.fullmatch("附件下载")
