"""Who issued a report: its name, type, level and division. Never a guess: what stays open is null and flagged."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cleaning import divisions, issuers, places, signature
from cleaning.location import Home, Location, locate
from cleaning.titles import ADDRESSEE

#: A county named this early may settle which of many townships of one name is meant (evidence in docs/cleaning.md).
CONTEXT = 500
#: 18 characters of a 统一社会信用代码: 3 to 8 are the division where it was registered.
_CREDIT_CODE = re.compile(r"(?<![0-9A-Z])[1-9A-HJ-NPQRTUWXY][1-9A-G](\d{6})[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])")
#: Phrases about superiors at the beginning: 在达州市委、市政府坚强领导下.
_SUPERIORS = re.compile(r"在[^。]{0,60}?(?:领导|指导|支持|关心|部署|要求|统筹)下")
#: A body addressed at the beginning of a line: the report is for it, not by it.
_ADDRESSED = re.compile(rf"^\s*[^。，,；;:：\n]{{2,60}}?(?:{signature.BODY}|同志|领导)[:：]", re.MULTILINE)
#: Stands for such a phrase, so that the subject before or after it is still one.
_CUT = "\x00"
_SCOPE = re.compile(r"(?:[我全本])(省|市|县|区|州|盟|旗|镇|乡|街道|局|委|厅|办|部|院|处|中心|海关)")
_BODIES = set("局委厅办部院处") | {"中心", "海关"}
_OFFICE = re.compile(r"(?P<government>.*(?:政府|管委会))(?:办公室|办公厅|办|门户网站.*|网站?|信息(?:公开)?.*|政务.*)$")


@dataclass
class Who:
    """What is known of the issuer; None where it is not known."""

    issuer: str | None = None
    issuer_type: str | None = None
    level: str | None = None
    division_code: str | None = None
    division_method: str | None = None
    province: str | None = None
    prefecture: str | None = None
    county: str | None = None
    township: str | None = None
    flags: list[str] = field(default_factory=list)
    signed_date: date | None = None  #: of the signature, where it has its year


def identify(
    title: str | None, text: str, *, fields: Mapping[str, str], site: Mapping[str, Any] | None, year: int | None, url: str
) -> Who:
    """Tell who issued a document.

    Title and signature name the issuer; a joint signature tells more than a title that names the place only. 发布机构 and 来源
    only published it: they are asked last, after the opening of the text.

    Args:
        title: the title in Simplified characters, None where there is none.
        text: the document's text, in Simplified characters.
        fields: canonical label -> value of its metadata (SiteIDCode too, where the page has it).
        site: registry entry (`code`: home division, `name`), None for a lone file.
        year: the year reported on; divisions abolished before it are left out.
        url: the address; not read yet, since hosts say who publishes and not who reports.
    """
    home = Home.of(site)
    signed = signature.find(text)
    who = Who(signed_date=signed.signed if signed else None)
    names, completed = _name(title or "", text, signed, fields, home, year)
    if not names:
        return who
    who.issuer = "、".join(names)
    who.issuer_type = _type(names)
    if completed:
        who.flags.append("issuer_completed")
    if issuers.is_national(names[-1]):
        who.level = "national"
        return who
    place = locate(names[-1], home=home, opening=text[:CONTEXT], hint=_hint(fields), year=year)
    return _place(who, place)


def _place(who: Who, place: Location) -> Who:
    who.level, who.division_code, who.division_method = place.level, place.code, place.method
    who.province, who.prefecture = place.names["province"], place.names["prefecture"]
    who.county, who.township = place.names["county"], place.names["township"]
    if not place.code:
        who.flags.append("division_ambiguous")
    return who


def _type(names: list[str]) -> str:
    kinds = {issuers.kind(name) for name in names}
    return "joint" if len(kinds) > 1 and "party" in kinds else issuers.kind(names[-1])


def _name(
    title: str, text: str, signed: signature.Signature | None, fields: Mapping[str, str], home: Home | None, year: int | None
) -> tuple[list[str], bool]:
    """Return the issuer's full name or names, and whether a short name was completed."""
    titled = _stem_settled(issuers.in_title(title), home) if title else None
    signers = [
        name for name in (signed.issuers if signed else ()) if not places.level_by_suffix(name) and not name.startswith("各")
    ]
    if signers and _signature_wins(titled, signers):
        return _complete(signers, home)
    if titled:
        return _complete(_parts(titled), home)
    own_texts = re.search(r"[我本](?:局|委|厅|办|院|处|中心|部门|单位)", text)
    if (rank := issuers.scope(title)) and home and home.name.endswith(rank) and not own_texts:
        return _complete([home.name], home)
    if named := _opening_place(text, home, year):
        return _complete([named], home)
    scope = Counter(_SCOPE.findall(text)).most_common(1)
    own_body = bool(scope) and scope[0][0] in _BODIES
    if scope and not own_body and home and home.name.endswith(scope[0][0]):
        return _complete([home.name], home)
    for label in ("发布机构", "来源"):
        name = fields.get(label, "").strip()
        office = _OFFICE.fullmatch(name)
        if office and not own_body:
            return _complete([office["government"]], home)
        if name and not office and issuers.is_full(name) and (own_body or issuers.kind(name) != "department"):
            return _complete([name], home)
    return [], False


def _stem_settled(name: str | None, home: Home | None) -> str | None:
    """Return a name; the full one for a bare stem that the home bears; None for a stem that several places share (和田)."""
    short = places.short_name(name) if name else None
    if not name or not short or short.end != len(name) or places.whole(name) or places.chain(name):
        return name
    return home.name if home and any(d.code == home.code for d in short.candidates) else None


def _signature_wins(titled: str | None, signers: list[str]) -> bool:
    """The signature counts where the title names nobody or only the place, and where two signed, the title's among them."""
    if not titled:
        return True
    if issuers.relative(titled):
        return any(name.endswith(titled.lstrip("我本全")[1:]) for name in signers)
    part = issuers.local_part(_parts(titled)[-1])
    if issuers.is_full(part):  # a signature may say more: 秦皇岛市抚宁区农业农村局 for 抚宁区农业农村局
        fuller = len(signers) == 1 and signers[0] != part and signers[0].endswith(part) and bool(places.chain(signers[0]))
        return fuller or (len(signers) > 1 and part in signers)
    return any(part.removesuffix("政府") in name for name in signers) and all(
        issuers.kind(name) in ("party", "government", "zone") for name in signers
    )


def _parts(name: str) -> list[str]:
    joint = issuers.split_joint(name)
    return list(joint) if joint else [name]


def _complete(names: list[str], home: Home | None) -> tuple[list[str], bool]:
    """Complete short names, and names that begin with 县 or 区 instead of the place, by the other party or the site's home."""
    full: list[str] = []
    added = False
    named = [chain for name in names if (chain := places.chain(issuers.local_part(name)))]
    for name in names:
        level = issuers.relative(name)
        bare = not places.chain(issuers.local_part(name)) and re.match(r"(?:人民)?政府|党委|党工委", name)
        if level and not named and home and (place := home.named(level)):
            name, added = place + name.lstrip("我本全该").removeprefix(level), True
        elif level and named:
            name, added = _place_words(named[-1]) + name.lstrip("我本全该").removeprefix(level), True
        elif bare and named:
            name, added = _place_words(named[-1]) + name, True
        elif bare and home:
            name, added = home.name + name, True
        if re.match(r"(?!中共|中国共产党).*[省市县区州盟旗镇乡]委$", name):
            name, added = "中共" + name, True
        name, changed = issuers.complete(name)
        full.append(name)
        added = added or changed
    return full, added


def _place_words(chain: list[places.Place]) -> str:
    return "".join(place.name for place in chain)


def _opening_place(text: str, home: Home | None, year: int | None) -> str | None:
    """Return the place that is the subject of the opening sentences (2022年,在…领导下,万源坚持…), with its suffix, or None.

    What lies above the site's home is passed over where the home is named too (天水市高度重视，清水县坚持…).
    A name without suffix counts only where the full name stands in the text too.
    """
    if re.search(r"(?:我|本)(?:局|委|厅|办|院|处|中心|部门|单位)", text):
        return None
    lines = [line for line in text[:CONTEXT].split("\n") if not ADDRESSEE.fullmatch(line.strip())]
    opening = _SUPERIORS.sub(_CUT, _ADDRESSED.sub("", "\n".join(lines)))
    for clause in re.split(r"[,，。；;:：\n]", opening)[:6]:
        subject = re.sub(rf"^\s*(?:20\d\d\s*年(?:度|以来|来)?)?\s*{_CUT}?", "", clause)
        if (named := places.chain(subject, year)) and re.match(
            rf"(?:人民)?政府|党委|[坚认全深积严紧扎高围聚始切以在按持牢把立着强有大不充{_CUT}]", subject[named[-1].end :]
        ):
            if home and home.name and home.name in opening and _is_above(named[-1], home.code):
                continue
            return _place_words(named)
        short = places.short_name(subject, year)
        full = {division.name for division in short.candidates if division.name in text} if short else set()
        if len(full) == 1:
            return full.pop()
    return None


def _is_above(place: places.Place, code: str) -> bool:
    return any(d.code != code and divisions.is_under(code, d.code) for d in place.candidates)


def _hint(fields: Mapping[str, str]) -> str | None:
    """Return the division code in the credit code of the index number, else the first six digits of a local SiteIDCode."""
    if match := _CREDIT_CODE.search(fields.get("索引号", "")):
        return match[1]
    match = re.match(r"(\d{6})\d{4}$", fields.get("SiteIDCode", ""))
    return match[1] if match else None
