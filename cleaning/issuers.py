"""Names of issuers: taken from a title, completed (汤郎乡 to 汤郎乡人民政府), and told apart by type."""

from __future__ import annotations

import re

from cleaning import places
from cleaning.signature import BODY
from cleaning.titles import CORE, DOCUMENT_NUMBER, NARROW, tidy

_YEAR = re.compile(r"(?:(?<!\d)20\d\d|[二2][〇○◯零0OoＯ][〇○◯零0OoＯ一二三四五六七八九]{2})\s*年?\s*(?:度|上半年|下半年|全年)?")
_LINKS = re.compile(
    r"(?:关于|贯彻|落实|推进|推动|开展|加强|加快|全面|深入|深化|扎实|持续|履行|实施|法治|建设|纲要|印发|公布|公开|报送|工作|本级|的|在|和|与|之|,|，|、|\s)+$"
)
_FULL = re.compile(BODY + "$")
_PLACE_END = re.compile(r"(?:省|自治[区州县旗]|[市县区州盟旗镇乡]|街道|苏木|地区|兵团|新城)$")
_ZONE_END = re.compile(
    r"(?:开发区|高新区|新区|示范区|保税[港]?区|度假区|风景(?:名胜)?区|产业园区?|工业园区?|园区|合作区|实验区|试验区|集中区|管理区)$"
)
_RELATIVE = re.compile(
    r"(?:[我本全该]?(?=[省市县区州盟旗镇乡])|[我本该](?=街道)|(?=街道(?:办|党工委)))(?P<level>[省市县区州盟旗镇乡]|街道)"
)
#: A title that opens with 我县, 全市 or a bare 市 and names nobody else.
_SCOPE = re.compile(r"(?:关于)?[我全本]?(?P<rank>[省市县区州盟旗镇乡]|街道)(?=\s*20\d\d|法治政府|依法行政|推进|深入推进|关于)")

#: Parties to a joint issuer: the party committee, then the government.
_JOINT = re.compile(
    r"(?P<party>(?:中共|中国共产党)?.*?(?:[省市县区州盟旗镇乡]委|党工委|党委|(?:省|市|县|区|州|盟|旗|镇|乡|街道)(?:工作)?委员会))(?:员会)?[\s、和及,，]*"
    r"(?P<government>[^\s、]*(?:人民政府|(?<![省市县区州])政府|[省市县区州镇乡]政府|行政公署|管理委员会|管委会|办事处))"
)

#: Their two offices, which have no 委 or 政府 at their ends.
_JOINT_OFFICES = re.compile(
    r"(?P<party>(?:中共|中国共产党)?[^\s、]*?[省市县区州盟旗镇乡]委(?:员会)?办公[室厅])[\s、和及,，]*(?P<government>[^\s、]*政府办公[室厅])"
)

#: Types in the order in which they are tried; what none fits is a department.
_PARTY = re.compile(
    r"中共|中国共产党|(?:[省市县区州盟旗镇乡]|街道)委(?!员)|党工委|党委|党组|依法治[国省市县区州盟旗]|纪律检查|^(?:组织|宣传|统战|政法)"
)
_VERTICAL = re.compile(
    r"税务总?局|税务分局|税务所|海关|证监会|证监局|证券监督管理|银保监|银行保险监督管理|金融监督管理总局|监管局$|金融监管(?:分|支)?局|监管分局|气象局|地震局|烟草专卖"
    r"|邮政管理局|通信管理局|海事局|国家安全局|消防救援|移民管理|边防检查|调查(?:总)?队|外汇管理局|人民银行|矿山安全监察|煤矿安全监察|能源监管|国家统计局|国家邮政局"
)
_LOCAL_WATCH = re.compile(r"市场监管局|地方金融监管局|市监局|医疗?保障?监管局|国资监管局")
_ZONE = re.compile(r"(?:区|园|城|港|岛|湖|山|谷|基地)(?:党工委)?管(?:理)?委(?:员)?会|(?:开发|高新|保税|度假|示范)区$")
_GOVERNMENT = re.compile(r"(?:政府|公署|行署|兵团|国务院)$|(?<!驻.)(?<!驻..)办事处$")

_MINISTRIES = (
    "外交部|国防部|教育部|科学技术部|科技部|工业和信息化部|公安部|民政部|司法部|财政部|人力资源和社会保障部|自然资源部|生态环境部|住房和城乡建设部|交通运输部"
    "|水利部|农业农村部|农业部|商务部|文化和旅游部|文化部|应急管理部|退役军人事务部|环境保护部|国土资源部|审计署|海关总署|证监会|银保监会|市场监管总局|税务总局"
)
_NATIONAL = re.compile(
    rf"国务院|中华人民共和国|中国(?!共产党.*[省市县区])|国家|最高|全国|中央|(?:{_MINISTRIES})$|[^省市县区州]+总(?:局|署)$"
)
#: Names of central bodies in front of the place of their branch.
_CENTRAL_PREFIX = re.compile(
    rf"(?:(?:{_MINISTRIES})(?=.{{2,}}局$)|中华人民共和国|国家税务总局|国家统计局|国家金融监督管理总局|中国证券监督管理委员会|中国证监会|中国银行保险监督管理委员会|中国银保监会|中国人民银行|国家外汇管理局"
    r"|国家矿山安全监察局|国家煤矿安全监察局|国家移民管理局|国家能源局|国家粮食和物资储备局|中国气象局|中国地震局|中国共产党|中国民用航空|国家烟草专卖局|国家邮政局|中共|国网)\s*"
)


def in_title(title: str) -> str | None:
    """Return the issuer as a title names it (新洲区, 中国证监会, 中共甲县委 甲县人民政府), or None where it names none.

    `title` is in Simplified characters. 我市, 全县 and the like are no names.
    """
    title = re.sub(r"^【[^】]*】", "", tidy(title)).translate(NARROW)
    title = re.sub(rf"^{DOCUMENT_NUMBER.pattern}\s*", "", title)
    before, about, after = title.partition("关于")
    core = CORE.search(after if about else title)
    if about and (before := _trim(before)):
        return before if _names_somebody(before) else None
    if not core:
        return None
    name = _trim((after if about else title)[: core.start()])
    return name if name and _names_somebody(name) else None


def _trim(name: str) -> str:
    name = _YEAR.sub("", name).strip(" ,，、:：的")
    if (short := places.short_name(name)) and short.end == len(name):
        return name
    return _LINKS.sub("", name).strip(" ,，、:：《“\"'")


def _names_somebody(name: str) -> bool:
    """Tell whether a name is that of a body or a place, and not 我市, 全县 or a phrase."""
    if len(name) > 60 or re.match(
        r"(?!全州县)[我本全该各](?:省|市|县|区|州|镇|乡|局|委|厅|街道|单位|部门)|印发|转发|报送|做好|开展|召开|公布|一图|图解",
        name,
    ):
        return False
    if _FULL.search(name) or _ZONE_END.search(name):
        return True
    found = places.chain(name)
    short = places.short_name(name)
    return bool((found and found[-1].end == len(name)) or (short and short.end == len(name)))


def is_full(name: str) -> bool:
    """Tell whether a name is that of a body (甲县人民政府, 乙局), not of a place alone."""
    return bool(_FULL.search(name)) and not re.search(r"(?<!人民)政府$", name)


def relative(name: str) -> str | None:
    """Return the rank word that a name like 区政府办公室 or 我县教育局 stands under instead of a place, else None."""
    match = _RELATIVE.match(name)
    if not match or ((found := places.chain(name)) and found[0].end > 2):
        return None
    if (short := places.short_name(name)) and short.end == len(name):
        return None
    return match["level"]


def scope(title: str) -> str | None:
    """Return the rank word of a title that opens with 我县, 全市 or a bare 市 instead of a name, else None."""
    match = _SCOPE.match(_YEAR.sub("", tidy(title).translate(NARROW)).strip())
    return match["rank"] if match else None


def complete(name: str) -> tuple[str, bool]:
    """Return the full name of an issuer and whether anything was added.

    汤郎乡 becomes 汤郎乡人民政府, 甲县政府 甲县人民政府, 乙街道 乙街道办事处, a zone …管理委员会, 万源 万源市人民政府.
    """
    if re.search(r"(?<!人民)政府$", name) and len(name) > 2:
        return name.removesuffix("政府") + "人民政府", True
    if name.endswith("街道办"):
        return name + "事处", True
    if name.endswith("街道"):
        return name + "办事处", True
    if _ZONE_END.search(name) and not any(place.end == len(name) and place.candidates for place in places.chain(name)):
        return name + "管理委员会", True
    if _FULL.search(name):
        return name, False
    if name.endswith("地区"):
        return name + "行政公署", True
    full = places.whole(name)  # before the suffix: 杭州 and 万州 end in 州 and are stems
    if full:
        return full + "人民政府", True
    if _PLACE_END.search(name):
        return name + "人民政府", True
    return name, False


def split_joint(name: str) -> tuple[str, str] | None:
    """Return party committee and government of a joint issuer (中共甲县委 甲县人民政府, also unspaced), or None."""
    match = _JOINT_OFFICES.fullmatch(name.strip()) or _JOINT.fullmatch(name.strip())
    if not match or not _PARTY.search(match["party"]):
        return None
    return name.strip()[: match.start("government")].strip(" 、和及,，\u3000\xa0"), match["government"]


def kind(name: str) -> str:
    """Return the type of one issuer: party, vertical, zone, government or department (joint ones are told by their parts)."""
    if _PARTY.search(name):
        return "party"
    if _VERTICAL.search(name) and not _LOCAL_WATCH.search(name):
        return "vertical"
    if _ZONE.search(name):
        return "zone"
    return "government" if _GOVERNMENT.search(name) else "department"


def is_national(name: str) -> bool:
    """Tell whether a name is that of a ministry or another central body itself, not of its branch in a place."""
    branch = local_part(name)
    if branch != name and (
        places.chain(branch)
        or places.of_body(branch)
        or re.match(r"[\u4e00-\u9fff]{2,}?(?:税务|调查|监管|监察|分行|中心支行|海关|消防)", branch)
    ):
        return False
    return bool(_NATIONAL.match(name)) and not places.chain(name)


def local_part(name: str) -> str:
    """Return a name without the central body in front of it: 郑州市金水区税务局 of 国家税务总局郑州市金水区税务局."""
    return _CENTRAL_PREFIX.sub("", name, count=1) if _CENTRAL_PREFIX.match(name) else name
