"""Genre: reports of every pattern, each row of field-notes 1.3 with its reason, challenge pages and soft 404s."""

import pytest

from cleaning.document import REJECTIONS
from cleaning.genre import judge

URL = "https://www.qinghe.gov.cn/a.html"
BODY = """2023年，青禾县在市委、市政府坚强领导下，深入推进依法行政，法治政府建设取得新成效。现将有关情况报告如下。
一、2023年法治政府建设主要举措和成效
（一）加强党的领导。县政府常务会议4次研究法治政府建设工作，审议通过《青禾县法治政府建设实施方案》，印发任务分工和责任清单，将政府工作报告确定的事项纳入督察考核。
（二）规范行政执法。制定规范性文件6件，转发上级通知12份，办理行政复议案件31件，开展法治政府建设示范创建，召开推进会3次，组织解读政策9次。
（三）强化监督。向县人大常委会报告法治政府建设情况，办理审议意见7条；党政主要负责人履行第一责任人职责，开展述法。
二、存在的问题和不足
基层执法力量薄弱，依法行政能力有待提升，部分单位对法治政府建设重视不够。
三、2024年工作打算
继续推进法治政府建设，落实年度工作要点，完成第三方评估整改。
青禾县人民政府
2024年2月26日"""
NOTICE = """各乡镇人民政府，县政府各部门：
根据法治政府建设年度报告制度，现将2023年度法治政府建设情况报告报送工作有关事项通知如下，请认真贯彻执行。
一、报送内容
报告应包括2023年推进法治政府建设的主要举措和成效、存在的不足和原因、下一年度工作安排。
二、报送要求
请各单位于2024年1月20日前报送。特此通知。"""
NEWS = """1月12日，县长主持召开县政府第33次常务会议，听取2023年法治政府建设情况汇报，研究部署下一步工作。
会议指出，2023年全县法治政府建设取得积极成效，依法行政水平不断提升。会议强调，要坚持问题导向，压实工作责任。"""


def genre(title, text=BODY, url=URL, site=None, raw_text=None, flags=()):
    reason, detail = judge(title, text, url=url, site=site, raw_text=text if raw_text is None else raw_text, flags=flags)
    assert reason == "report" or reason in REJECTIONS
    assert detail
    return reason


@pytest.mark.parametrize(
    "title",
    [
        "青禾县人民政府关于2023年法治政府建设情况的报告",
        "2023年青禾县法治政府建设情况报告",
        "竹坞镇2023年法治政府建设年度报告",
        "青禾县2023年度法治政府建设(依法行政)工作情况的报告",
        "青禾县人民政府关于青禾县2023年度法治政府建设工作总结的报告",
        "中共青禾县委 青禾县人民政府关于2023年法治政府建设情况的报告",
        "中国证监会2023年法治政府建设情况",
        "青禾县2012年依法行政工作报告",
        "青禾县2023年法治政府工作报告",
        "中共青禾县委宣传部2023年度法治建设工作情况报告",
        "青禾县自然资源和规划局2023年法治政府建设情况报告",
        "青禾县督查考核办公室2023年法治政府建设情况报告",
        "云溪高新技术示范区管委会2023年法治政府建设情况报告",
        "关于2023年法治政府建设情况和2024年工作安排的报告",
        "青禾县2023年法治政府建设工作总结及2024年工作计划",
        "青禾县人民政府关于2023年法治政府建设情况的报告——在县十届人大常委会第三次会议上",
        "关于青禾县2023年法治政府建设情况的报告（2024年3月县人大常委会审议通过）",
        "关于2023年度法治政府建设情况和党政主要负责人履行推进法治建设第一责任人职责情况的报告",
        "关于青禾县2023年法治政府建设情况报告的公示",
        "法治政府建设情况报告",
        "鶴峪縣人民政府關於2023年法治政府建設情況的報告",
        "青禾县法治政府建设（2023年）",
        "青禾县人民政府网",
        None,
    ],
)
def test_reports(title):
    assert genre(title) == "report"


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("政府工作报告", "work_report"),
        ("2024年青禾县政府工作报告", "work_report"),
        ("2023年政府工作报告（法治政府建设部分）", "work_report"),
        ("青禾县法治政府建设实施方案", "plan"),
        ("法治政府建设实施纲要（2021—2025年）", "plan"),
        ("青禾县法治政府建设规划", "plan"),
        ("青禾县2024年依法行政工作要点", "plan"),
        ("青禾县2024年法治政府建设任务分工", "plan"),
        ("青禾县法治政府建设责任清单", "plan"),
        ("青禾县法治政府建设考核办法", "plan"),
        ("青禾县法治政府建设考核标准", "plan"),
        ("法治政府建设情况报告编制工作方案", "plan"),
        ("关于报送2023年法治政府建设情况报告的通知", "notice"),
        ("关于做好2023年度法治政府建设情况报告工作的通知", "notice"),
        ("关于印发《青禾县2024年法治政府建设工作要点》的通知", "notice"),
        ("关于召开法治政府建设工作推进会的通知", "notice"),
        ("省法治政府建设督察组进驻青禾县", "inspection"),
        ("关于开展法治政府建设督察工作的通知", "inspection"),
        ("青禾县2023年度法治政府建设考核情况", "inspection"),
        ("青禾县法治政府建设示范创建工作情况报告", "inspection"),
        ("青禾县获评全国法治政府建设示范县", "inspection"),
        ("青禾县开展法治政府建设第三方评估", "inspection"),
        ("【政策解读】青禾县2023年法治政府建设情况报告", "interpretation"),
        ("【文字解读】青禾县2023年法治政府建设情况报告", "interpretation"),
        ("一图读懂青禾县2023年法治政府建设情况报告", "interpretation"),
        ("图解：青禾县2023年法治政府建设情况", "interpretation"),
        ("青禾县2023年法治政府建设情况报告问答", "interpretation"),
        ("县政府召开第79次常务会议 听取2023年法治政府建设情况报告", "meeting_news"),
        ("县政府常务会议审议2023年度法治政府建设情况报告", "meeting_news"),
        ("青禾县召开2023年法治政府建设工作总结会", "meeting_news"),
        ("关于青禾县人民政府2023年法治政府建设情况报告的审议意见", "deliberation"),
        ("青禾县人大常委会关于2023年法治政府建设情况报告的决议", "deliberation"),
        ("青禾县人大常委会调研组关于法治政府建设情况的调研报告", "deliberation"),
        ("青禾县2023年政府信息公开工作年度报告", "disclosure_report"),
        ("青禾县2023年政府网站工作年度报表", "disclosure_report"),
        ("李某某2023年度述职述法报告", "personal_duty_report"),
        ("青禾县党政主要负责人履行推进法治建设第一责任人职责情况报告", "personal_duty_report"),
        ("县长2023年度履行推进法治政府建设第一责任人职责情况报告", "personal_duty_report"),
        ("法治政府蓝皮书（2023）", "study"),
        ("青禾县法治政府建设评估报告", "study"),
        ("青禾县2023年行政审判白皮书", "study"),
        ("青禾县2023年行政复议白皮书", "study"),
        ("2023年法治政府建设情况报告范文", "not_a_report"),
        ("青禾县各部门2023年法治政府建设情况报告汇总", "navigation"),
    ],
)
def test_near_genres_by_title(title, reason):
    assert genre(title) == reason


@pytest.mark.parametrize(
    ("title", "text", "reason"),
    [
        (None, NOTICE, "notice"),
        ("青禾县2023年法治政府建设情况报告", NOTICE, "notice"),
        (None, NEWS, "meeting_news"),
        ("青禾县法治政府建设再上台阶", NEWS, "meeting_news"),
        (None, "本人认真履行推进法治建设第一责任人职责，现将2023年度述法情况报告如下。" + BODY, "personal_duty_report"),
        (
            None,
            "县人大常委会第九次会议听取和审议了县人民政府关于2023年法治政府建设情况的报告，形成如下审议意见。" * 2,
            "deliberation",
        ),
        ("青禾县概况", "青禾县位于云溪市西部，面积2100平方千米，辖9个乡镇，森林覆盖率百分之七十一。" * 3, "not_a_report"),
        (
            "2023年法治建设工作总结",
            "全年召开球类比赛三次，参加人数三百余人，职工文化生活丰富多彩，气氛热烈。" * 3,
            "not_a_report",
        ),
    ],
)
def test_near_genres_by_body(title, text, reason):
    assert genre(title, text) == reason


def test_columns():
    rows = "\n".join(f"青禾县{year}年法治政府建设情况报告 {year + 1}-03-12" for year in range(2015, 2024))
    assert genre("法治政府建设年度报告", rows) == "navigation"
    assert genre("2023年法治政府建设情况报告", rows) == "navigation"
    assert (
        genre("青禾县人民政府", "首页\n政务公开机构职能\n办事服务大厅\n互动交流平台\n走进美丽青禾\n县长信箱与在线访谈")
        == "navigation"
    )


@pytest.mark.parametrize(
    "raw",
    [
        "<html><head><meta content='x'></head><script>$_ts=window['$_ts'];</script></html>",
        "<script>document.cookie='__jsl_clearance=1'</script>",
        "<html>wzwschallenge <a href='/WZWSRELw=='></a></html>",
        "<html><script>setCookie('C3VK','1')</script></html>",
        "<html><body><h1>405</h1>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。云防护</body></html>",
        "<html><title>访问被拦截！</title></html>",
    ],
)
def test_challenge_pages(raw):
    assert genre(None, "", raw_text=raw) == "challenge_page"
    assert genre("青禾县2023年法治政府建设情况报告", raw_text=raw + BODY) == "report"


@pytest.mark.parametrize(
    "said",
    ["您访问的页面不存在", "404 Not Found", "该内容已删除", "栏目正在建设中", "暂无数据", "出错啦！", "您访问的链接可能已更换"],
)
def test_soft_404(said):
    assert genre(None, "", raw_text=f"<html><body><p>{said}</p></body></html>") == "soft_404"
    assert genre(said, "返回首页", raw_text="") == "soft_404"
    assert genre(None, said, raw_text="") == "soft_404"
    assert genre("青禾县2023年法治政府建设情况报告", BODY + said) == "report"


def test_empty_bodies():
    title = "青禾县2023年法治政府建设情况报告"
    assert genre(title, "") == "empty_body"
    assert genre(title, "附件：青禾县2023年法治政府建设情况报告.pdf") == "empty_body"
    assert (
        genre(title, "附件1：青禾县2023年度法治政府建设情况报告及附表\n青禾县2023年度法治政府建设情况报告（正式文本全文）.docx")
        == "empty_body"
    )
    assert genre(title, flags=["attachment_only"]) == "empty_body"
    assert genre(title, flags=["images_only"]) == "empty_body"


@pytest.mark.parametrize(
    ("url", "netlocs", "mirror"),
    [
        ("https://www.qinghe.gov.cn/a.html", [], False),
        ("http://gov.cn/a.html", [], False),
        ("HTTP://BIG5.www.GOV.cn/gate/big5/www.qinghe.gov.cn/a.html", [], False),
        ("https://www.qinghe.gov.cn:8443/a.html", [], False),
        ("http://www.qinghe.example/a.html", ["www.qinghe.example"], False),
        ("http://www.qinghe.example:80/a.html", ["www.qinghe.example"], False),
        ("http://127.0.0.1:8123/a.html", ["127.0.0.1:8123"], False),
        ("www.qinghe.example/a.html", [], False),
        ("urn:sha256:00", [], False),
        ("", [], False),
        ("http://www.qinghe.example/a.html", [], True),
        ("http://www.qinghe.example/a.html", ["www.linlan.example"], True),
        ("http://127.0.0.1:8123/a.html", ["127.0.0.1:9000"], True),
        ("https://qinghe.gov.cn.mirror.example/a.html", [], True),
        ("https://notgov.cn/a.html", [], True),
        ("https://www.gov.cn@mirror.example/a.html", [], True),
    ],
)
def test_mirror_hosts(url, netlocs, mirror):
    site = {"netlocs": netlocs} if netlocs else None
    assert genre("青禾县2023年法治政府建设情况报告", url=url, site=site) == ("mirror_host" if mirror else "report")


def test_a_report_forwarded_under_a_few_lines_is_that_report():
    title = "青禾县人民政府2023年法治政府建设情况报告"
    whole = "各科室、各有关单位：\n现将《%s》印发给你们，请结合实际学习借鉴。\n" + BODY + "\n" + BODY
    assert genre(title, whole % title) == "report"
    assert genre(title, whole[:200] % title) == "notice"  # nothing follows
    assert genre(title, whole % "2024年工作方案") == "notice"
