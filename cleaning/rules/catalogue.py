"""The catalogue of boilerplate rules, in the order they are tried, and the genuine lines that none of them touches.

What each rule drops and why is told in docs/cleaning.md; a test holds the two together.
"""

from __future__ import annotations

import re

from cleaning.rules.frame import FILE, FRAME
from cleaning.rules.rule import rule
from cleaning.rules.tools import TOOLS

_LATIN = r"[^\u4e00-\u9fff]"

#: What scripts, style sheets, templates and word processors leave behind as lines (4.14, 4.15). Where anything may stand before
#: the words, (?=[…]) says how they begin: one look at each character of a line is quicker than one for every word.
LEFTOVERS = (
    rule(
        "script",
        "anywhere",
        r"\$\(.*|jquery.*|var[a-z_$][\w$.]*=.*|(?:document|window|location)\.\w+.*|function\w*\(.*",
        r"(?:if|else|for|return|try|catch)[({].*[;{}]|[{}();]+|\}else\{?|\}[);]*",
        r"(?:getclicktimes|_showdynclicks|showhits?)\(.*|.*(?=[dbh])(?:dcs\.conac\.cn|bd_share_config|bdsharebuttonbox|hm\.baidu\.com).*",
        r".*(?=[{mnv])(?:\{\{.*\}\}|ms-for|ng-repeat|v-for=).*",
        r"/?/?-+>|<!-+.*|<!\[cdata\[.*|\]\]>|<%.*|.*%>|createdbyintellij.*",
        rf"</?[a-z](?:(?![<>]){_LATIN})*>",
    ),
    rule(
        "style_sheet",
        "anywhere",
        rf"[\w#.,*:>\-\[\]\"=]{{1,80}}\{{{_LATIN}*\}}?",
        r"@(?:font-face|media|import|charset|page).*",
        r"(?:[\w-]+:[^\u4e00-\u9fff;]{1,60};)+\}?",
    ),
    rule(
        "word_residue",
        "anywhere",
        r"(?:normal|msonormal)?07\.8磅02(?:false|true|en-us|zh-cn|x-none|microsoftinternetexplorer\d)*",
        r"/\*styledefinitions\*/.*|table\.mso.*|mso-.*|mso(?:normal|list\w*|header|footer)",
        r"(?:false|true|en-us|zh-cn|x-none|microsoftinternetexplorer\d){2,}",
    ),
    rule("page_number", "anywhere", r"[-—–―]+\d{1,3}[-—–―]+"),
    rule("lost_spaces", "anywhere", r"\?+"),
)

RULES = (*LEFTOVERS, *TOOLS, *FRAME)

#: Lines of a document that look like boilerplate (4.16); a list of 附件 is genuine unless it only names a file.
GENUINE = re.compile(
    r"[(【\[]?此件.{0,20}公开.{0,10}[)】\]]?"
    r"|[专特]此(?:报告|通知|公告|函告|函复|说明|汇报|通告|批复|复函).{0,4}"
    rf"|联系人:.*|附:.*|附件\d*(?!:?(?:下载|列表|暂?无$|没有$)):?(?!.{{0,90}}{FILE}$).*"
)
