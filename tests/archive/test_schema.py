"""The public columns are those that researchers cite: none goes, none is renamed."""

import sqlite3
from contextlib import closing

import pytest
from making import capture, make, page

COLUMNS = {
    "reports": "id report_id status title title_source report_year year_source issuer issuer_type level division_code "
    "division_method province prefecture county township published_date signed_date days_late index_number document_number "
    "series text char_count text_sha256 text_source_id source_format url site first_seen last_seen withdrawn_on "
    "quality_flags cleaner_version",
    "sources": "source_id report_id parent_id url filename site relation similarity http_status last_status content_type "
    "charset first_seen last_seen payload_sha256 warc_file warc_offset",
    "versions": "report_id n text text_sha256 source_id first_seen last_seen cause",
    "verdicts": "source_a source_b verdict exact containment sentences numbers length_ratio substitutions rule_version "
    "decided_by",
    "sections": "report_id position kind depth number heading text start end",
    "indicators": "report_id name value unit sentence start end confidence",
    "rejected": "url site reason detail fetched_at",
    "coverage": "division_code issuer report_year status report_id last_checked",
    "divisions": "code name level parent",
}


@pytest.mark.parametrize("table", COLUMNS)
def test_columns(tmp_path, table):
    make(tmp_path, [capture("http://lin.gov.cn/a.html", page(1))])
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        assert [row[1] for row in db.execute(f"pragma table_info({table})")] == COLUMNS[table].split()


def test_one_file_that_plain_sqlite_reads(tmp_path):
    make(tmp_path, [capture("http://lin.gov.cn/a.html", page(1))])
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        assert db.execute("pragma journal_mode").fetchone() == ("delete",)
        (ddl,) = db.execute("select sql from sqlite_master where name = 'reports_fts'").fetchone()
        assert '/* content="reports" */' in ddl
        assert db.execute("select rowid from reports_fts where reports_fts match '\"青川\"'").fetchall() == [(1,)]
        start, end, text = db.execute("select start, end, text from sections where position = 1").fetchone()
        assert db.execute("select substr(text, ?, ?) from reports", (start + 1, end - start)).fetchone() == (text,)
