"""The command `clean`: one file in, what the cleaner makes of it out."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click

from cleaning.cleaner import clean as clean_bytes
from cleaning.document import REJECTIONS, Document
from cleaning.draft import OUTSIDE
from cleaning.lines import squeeze
from cleaning.markup import MAX_CHARACTERS
from cleaning.rules.peel import rule_of
from cleaning.rules.reasons import PASS_REASONS, RULE_REASONS

#: Genres that mean there is nothing to print.
_NO_DOCUMENT = ("empty_body", "unreadable", "unsupported_format", "needs_ocr", "needs_converter")
#: A longer line is a paragraph that its heading opens, and stays one in Markdown.
_HEADING_CHARACTERS = 60
#: The fields of the head of a text, in the order of reading.
_HEAD = ("title", "issuer", "report_year", "published_date", "signed_date", "document_number", "index_number")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--url", default="", metavar="U", help="The address the file came from: dates, links and the host depend on it.")
@click.option("--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@click.option("--why", is_flag=True, help="Say which rule dropped which line.")
def clean(file: Path, url: str, form: str, why: bool) -> None:
    """Clean one FILE (html, docx, doc, wps, pdf, ofd, txt) and print its document.

    \b
    Example:
      fazhi clean page.html --url http://www.jia.gov.cn/art/2024/3/1/art_1_2.html --why
    """
    document = clean_bytes(_read(file), url=url)
    for dropped in document.dropped if why else []:
        if dropped.rule == OUTSIDE and (rule := rule_of(dropped.line, squeeze)):
            dropped.rule = rule.name
    if "truncated" in document.quality_flags and document.source_format in ("html", "txt"):
        raise click.ClickException(f"{file} is too long: more than {MAX_CHARACTERS:,} characters; cut it into its documents")
    if document.genre in _NO_DOCUMENT and not (document.text or document.title or document.fields):
        detail = f" ({document.genre_detail})" if document.genre_detail else ""
        raise click.ClickException(f"{file}: {document.genre}, {REJECTIONS[document.genre]}{detail}; nothing to print")
    if form == "json":
        click.echo(json.dumps(document.as_dict(why=why), ensure_ascii=False, indent=1))
    else:
        click.echo(document.text if form == "text" else _markdown(document))
    if why and form != "json":
        _print_dropped(document)
    if document.genre != "report":
        because = f" ({document.genre_detail})" if document.genre_detail else ""
        click.echo(f"{file}: no report: {document.genre}, {REJECTIONS[document.genre]}{because}", err=True)


def _print_dropped(document: Document) -> None:
    """Print every dropped line with its rule, then the rules with their reasons, the busiest first."""
    click.echo(f"\n--- {len(document.dropped)} lines dropped")
    for dropped in document.dropped:
        click.echo(f"{dropped.rule}\t{dropped.line}")
    reasons = RULE_REASONS | PASS_REASONS
    counts = Counter(dropped.rule for dropped in document.dropped)
    click.echo("\n--- by rule")
    for name, count in counts.most_common():
        click.echo(f"{count}\t{name}\t{reasons[name]}")


def _read(file: Path) -> bytes:
    try:
        body = file.read_bytes()
    except IsADirectoryError:
        raise click.ClickException(f"{file} is a folder: name one file, or take folders in with `fazhi import`") from None
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror or error}") from None
    if not body:
        raise click.ClickException(f"{file} is empty (0 bytes): name a file that has content")
    return body


def _markdown(document: Document) -> str:
    """Return the document with its title, what is known of it and its headings as Markdown."""
    lines = [f"# {document.title}", ""] if document.title else []
    lines += [f"- {name}: {value}" for name in _HEAD[1:] if (value := getattr(document, name)) is not None]
    starts = {section.start: section.depth for section in document.sections if section.heading and section.depth}
    offset = 0
    for line in document.text.split("\n"):
        depth = starts.get(offset) if len(line) <= _HEADING_CHARACTERS else None
        lines += ["", f"{'#' * min(depth + 1, 6)} {line}" if depth else line]
        offset += len(line) + 1
    return "\n".join(lines)
