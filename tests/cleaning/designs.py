"""One invented report, and designs of government pages around it."""

from __future__ import annotations

import html

TITLE = "柳岭县人民政府关于2023年法治政府建设情况的报告"
LINES = [
    "2023年，柳岭县坚持以习近平法治思想为指导，扎实推进依法行政，现将有关情况报告如下：",
    "一、主要工作",
    "（一）加强组织领导",
    "县政府常务会议专题研究法治政府建设4次，制定年度工作要点，“双随机、一公开”监管实现全覆盖，群众满意度不断提高。",
    "“柳岭普法”发布作品26期，浏览量达2.1万次，12348热线接听来电3,516个，群众对法律服务的评价持续向好。",
    "二、存在的问题",
    "一些部门运用法治思维和法治方式解决问题的能力还不够强，行政执法规范化水平有待提升，基层力量不足。",
    "柳岭县人民政府",
    "2024年3月1日",
]
NAV = (
    "<ul>"
    + "".join(f'<li><a href="/{n}/">{name}</a></li>' for n, name in enumerate(["首页", "政务公开", "互动交流"]))
    + "</ul>"
)
FOOT = (
    '<div class="foot">主办单位：柳岭县人民政府办公室　网站标识码：9705230001　<a href="/">南ICP备12000003号</a><br>'
    "建议使用1024×768分辨率，IE9.0以上浏览器访问本网站</div>"
)


def paragraphs(tag: str = "p", lines: list[str] = LINES) -> str:
    return "\n".join(f"<{tag}>　　{html.escape(line)}</{tag}>" for line in lines)


def page(body: str, head: str = f"<title>{TITLE}-柳岭县人民政府</title>") -> bytes:
    return f'<!DOCTYPE html><html><head><meta charset="utf-8">{head}</head><body>{NAV}{body}{FOOT}</body></html>'.encode()


BREAKS = "<br/>\n".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{line}" for line in LINES)
DESIGNS = {
    "container": f"<h1>{TITLE}</h1><div id=zoom>{paragraphs()}</div><p>扫一扫在手机打开当前页</p>",
    "nested_container": f"<h1>{TITLE}</h1><div class=TRS_Editor><div class=TRS_Editor>{paragraphs()}</div></div>",
    "upper_case_id": f"<h1>{TITLE}</h1><div id=UCAP-CONTENT>{paragraphs('div')}</div>",
    "no_known_name": f"<div class=a><div class=b>{TITLE}</div><div class=c>{paragraphs('div')}</div></div>",
    "breaks": f"<h1>{TITLE}</h1><div class=k>{BREAKS}</div>",
    "indents_only": f"<h1>{TITLE}</h1><div>{''.join('　　' + line for line in LINES)}</div>",
    "preformatted": f"<h1>{TITLE}</h1><pre>{chr(10).join('    ' + line for line in LINES)}</pre>",
    "layout_table": f"<table><tr><td><a href=1>公告</a></td><td><table><tr><td>{TITLE}</td></tr><tr><td>{BREAKS}</td></tr></table>",
    "early_end": f"</body></html><h1>{TITLE}</h1><div id=zoom>{paragraphs()}</div>",
    "nested_document": f"<h1>{TITLE}</h1><div id=zoom><html><head><style>p{{}}</style></head><body>{paragraphs()}</body></html></div>",
    "stray_closing_tag": f"<h1>{TITLE}</h1><div class=TRS_Editor>{paragraphs(lines=LINES[:4])}</div></div>{paragraphs(lines=LINES[4:])}",
    "hidden_copy": f"<h1>{TITLE}</h1><div id=zoom><div style='display:none'>{paragraphs()}</div>{paragraphs()}</div>",
    "hidden_by_css": f"<style>.old{{display:none}}</style><h1>{TITLE}</h1><div class=old>{paragraphs()}</div><div>{paragraphs()}</div>",
    "second_copy": f"<h1>{TITLE}</h1><div class=TRS_Editor>{paragraphs()}</div><h1>{TITLE}</h1><div class=TRS_Editor>{paragraphs()}</div>",
    "title_inside": f"<div id=zoom><p align=center>{TITLE[:10]}<br>{TITLE[10:]}</p>{paragraphs()}</div>",
    "tools_inside": f"<div class=content><h1>{TITLE}</h1><p>来源：县司法局　日期：2024-03-02　字体：大 中 小</p>{paragraphs()}"
    "<p>打印本页</p><p>关闭窗口</p><p>上一篇：<a href=2>柳岭县2022年报告</a></p></div>",
    "markers": f"<h1>{TITLE}</h1><div><!--<$[信息内容]>begin-->{paragraphs()}<!--<$[信息内容]>end--><p>阅读全文，请登录客户端。</p></div>",
    "word_spans": f"<h1>{TITLE}</h1><div id=zoom>"
    + "".join(f"<p class=MsoNormal><span>{line[:9]}</span><span>{line[9:]}<o:p></o:p></span></p>" for line in LINES)
    + "</div>",
}
