"""The parts of a release: which table each comes from, its order, its columns and their Parquet types."""

from __future__ import annotations

import pyarrow as pa

from archive.schema import TABLES

#: Part of a release -> the table it is taken from. `metadata` is `reports` without the text.
PARTS = {
    "reports": "reports",
    "metadata": "reports",
    "sections": "sections",
    "indicators": "indicators",
    "sources": "sources",
    "coverage": "coverage",
    "excluded": "rejected",
}
SORTED_BY = {
    "reports": "report_id",
    "sections": "report_id, position",
    "indicators": "report_id, start, name",
    "sources": "source_id",
    "coverage": "division_code, issuer, report_year",
    "rejected": "url",
}
DATES = {"published_date", "signed_date", "withdrawn_on"}
TIMES = {"first_seen", "last_seen", "fetched_at", "last_checked"}


def columns(part: str) -> dict[str, type]:
    """Return the columns of a part with their Python types: those of its table, without row numbers."""
    found = {name: kind for name, (kind, _) in TABLES[PARTS[part]].columns.items() if name != "id"}
    if part == "metadata":
        del found["text"]
    return found


def arrow_schema(part: str) -> pa.Schema:
    """Return the Parquet schema of a part; written out, since a column of nulls would lose its type."""
    plain = {int: pa.int64(), float: pa.float64(), str: pa.string()}

    def kind(name: str, python: type) -> pa.DataType:
        if name in DATES:
            return pa.date32()
        if name in TIMES:
            return pa.timestamp("ms", tz="UTC")
        return pa.list_(pa.string()) if name == "quality_flags" else plain[python]

    return pa.schema([(name, kind(name, python)) for name, python in columns(part).items()])
