"""Machine-readable descriptions of a release: datapackage.json (Frictionless) and croissant.json (MLCommons Croissant 1.1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from archive.release_parts import PARTS, Part

Json = dict[str, Any]

TITLE = "法治政府建设情况报告 · Fazhi Archive"
ABOUT = (
    "Full text, metadata, sections, figures and coverage of the yearly reports on building a law-based government that Chinese"
    " governments publish (法治政府建设情况报告)."
)
#: Only our own share is under a licence that has a name; LICENSE.md tells of the texts.
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
PARQUET, JSONL, CSV = "application/vnd.apache.parquet", "application/jsonl", "text/csv"
#: The JSON-LD context that Croissant 1.1 prescribes, word for word.
CONTEXT = Path(__file__).with_name("data") / "release" / "context.json"
#: Type in Parquet -> type of a Data Package field, and of a Croissant field.
TYPES = (
    (pa.types.is_list, "array", "sc:Text"),
    (pa.types.is_date, "date", "sc:Date"),
    (pa.types.is_timestamp, "datetime", "sc:DateTime"),
    (pa.types.is_integer, "integer", "sc:Integer"),
    (pa.types.is_floating, "number", "sc:Float"),
    (pa.types.is_string, "string", "sc:Text"),
)


@dataclass(frozen=True)
class File:
    """A file of a release: its size in bytes, its sum, and its rows where it has any."""

    size: int
    sha256: str
    rows: int | None = None


def datapackage(version: str, built_at: str, files: Mapping[str, File]) -> Json:
    """Return datapackage.json: CSV and JSONL as tables, Parquet as files (readers of tables stumble over its nulls).

    Args:
        version: of the release. built_at: time of the newest capture.
        files: path in the release -> file, those that hold data.
    """
    return {
        "name": "fazhi-reports",
        "title": TITLE,
        "description": ABOUT,
        "version": version,
        "created": built_at,
        "keywords": ["法治政府", "law-based government", "China", "government reports"],
        "licenses": [{"name": "CC0-1.0", "path": CC0, "title": "CC0 1.0 for all but the texts: see LICENSE.md"}],
        "sources": [{"title": "Websites of Chinese governments; every address is in the part `sources`"}],
        "contributors": [{"title": "Fazhi Archive", "role": "wrangler"}],
        "resources": [_resource(path, file) for path, file in files.items()],
    }


def _resource(path: str, file: File) -> Json:
    name = path.lower().replace("/", "-").partition(".")[0]
    made: Json = {"name": name, "path": path, "bytes": file.size, "hash": f"sha256:{file.sha256}"}
    if path.endswith(".parquet"):
        part = PARTS[Path(path).parent.name]
        return made | {"type": "file", "format": "parquet", "mediatype": PARQUET, "schema": fields(part)}
    if path.startswith("jsonl/"):
        return made | {
            "type": "table",
            "format": "jsonl",
            "mediatype": JSONL,
            "encoding": "utf-8",
            "schema": fields(PARTS["reports"]),
        }
    if path == "metadata.csv.gz":
        schema = fields(PARTS["metadata"])
        for field in schema["fields"]:
            field["type"] = field["type"].replace("array", "string")
        return made | {"type": "table", "format": "csv", "mediatype": CSV, "encoding": "utf-8-sig", "schema": schema}
    return made | {"type": "file"}


def fields(part: Part) -> Json:
    """Return the columns of a part as a Table Schema."""
    found = [
        {"name": field.name, "type": told(field.type)[0], "description": part.columns[field.name][1]} for field in part.schema
    ]
    return {"fields": [one | ({"format": "any"} if one["type"] == "datetime" else {}) for one in found], "missingValues": [""]}


def told(kind: pa.DataType) -> tuple[str, str]:
    """Return what Data Packages and what Croissant call a Parquet type."""
    return next((package, croissant) for fits, package, croissant in TYPES if fits(kind))


def croissant(version: str, built_at: str, citation: str, files: Mapping[str, File]) -> Json:
    """Return croissant.json: the Parquet files, and a record set for each part that has rows."""
    shards = {path: file for path, file in files.items() if path.endswith(".parquet")}
    objects = [
        {"@type": "cr:FileObject", "@id": path, "name": path, "contentUrl": path, "contentSize": f"{file.size} B",
         "encodingFormat": "application/x-parquet", "sha256": file.sha256}
        for path, file in shards.items()
    ]  # fmt: skip
    filled = [
        part for name, part in PARTS.items() if any(f.rows for path, f in shards.items() if path.startswith(f"data/{name}/"))
    ]
    sets = [
        {"@type": "cr:FileSet", "@id": f"{part.name}-files", "name": f"{part.name}-files",
         "encodingFormat": "application/x-parquet", "includes": f"data/{part.name}/*.parquet"}
        for part in filled
    ]  # fmt: skip
    return {
        "@context": json.loads(CONTEXT.read_text("utf-8")),
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": "fazhi-reports",
        "description": ABOUT,
        "version": version,
        "datePublished": built_at[:10],
        "license": CC0,
        "url": "README.md",
        "inLanguage": "zh",
        "citeAs": citation,
        "distribution": objects + sets,
        "recordSet": [_record_set(part) for part in filled],
    }


def _record_set(part: Part) -> Json:
    made = []
    for field in part.schema:
        one: Json = {
            "@type": "cr:Field",
            "@id": f"{part.name}/{field.name}",
            "name": f"{part.name}/{field.name}",
            "description": part.columns[field.name][1],
            "dataType": told(field.type)[1],
            "source": {"fileSet": {"@id": f"{part.name}-files"}, "extract": {"column": field.name}},
        }
        made.append(one | ({"isArray": True, "arrayShape": "-1"} if pa.types.is_list(field.type) else {}))
    return {"@type": "cr:RecordSet", "@id": part.name, "name": part.name, "description": part.about, "field": made}
