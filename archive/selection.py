"""Which reports are meant: province, year, level, issuer and words as one SQL condition, the same for search and releases."""

from __future__ import annotations

from dataclasses import dataclass

from archive.search import zh_match


@dataclass(frozen=True)
class Selection:
    """A condition on `reports` with its values, and the same in words. `everything` is true without any condition."""

    sql: str = "1"
    values: tuple[object, ...] = ()
    said: str = "all reports"

    @property
    def everything(self) -> bool:
        """Whether nothing was asked for, so that parts that belong to no report are included."""
        return not self.values


def select(
    *,
    province: str | None = None,
    year: int | None = None,
    level: str | None = None,
    issuer: str | None = None,
    query: str | None = None,
) -> Selection:
    """Return the condition for these filters; each may be left out.

    Args:
        province: name (浙江省), beginning of the name (浙江) or code (33, 330000).
        year: report year.
        level: one of cleaning.document.LEVELS.
        issuer: a part of the issuer's name.
        query: words, as in the search box.
    """
    parts: list[tuple[str, str, object]] = []
    if province and province.isdigit():
        parts.append(("substr(division_code, 1, 2) = ?", f"province {province}", province[:2]))
    elif province:
        parts.append(("substr(province, 1, length(?)) = ?", f"province {province}", province))
    if year:
        parts.append(("report_year = ?", f"year {year}", year))
    if level:
        parts.append(("level = ?", f"level {level}", level))
    if issuer:
        parts.append(("instr(issuer, ?) > 0", f"issuer {issuer}", issuer))
    if query:
        match = "id in (select rowid from reports_fts where reports_fts match ?)"
        parts.append((match, f"query {query}", zh_match(query)))
    if not parts:
        return Selection()
    values: list[object] = []
    for sql, _, value in parts:
        values += [value] * sql.count("?")
    return Selection(" and ".join(sql for sql, _, _ in parts), tuple(values), ", ".join(said for _, said, _ in parts))
