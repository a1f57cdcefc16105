"""Downloads: /downloads lists the releases beside the archive, /downloads/<version>/<path> hands out their files."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from datasette import NotFound, Response, hookimpl

from archive.offered import Release, releases

#: Bytes that are read and sent at once.
CHUNK = 256 * 1024
#: What a file is, by the end of its name. Everything is sent as a file to keep, and nothing as a page to show.
TYPES = {
    ".parquet": "application/vnd.apache.parquet",
    ".gz": "application/gzip",
    ".zst": "application/zstd",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".cff": "text/yaml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
RANGE = re.compile(r"bytes=([0-9]*)-([0-9]*)")

Send = Callable[[dict[str, Any]], Awaitable[None]]


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [(r"^/downloads$", page), (r"^/downloads/(?P<version>[0-9.]+)/(?P<path>.+)$", download)]


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    env.filters["size"] = size
    env.tests["in_folder"] = str.startswith


def size(count: int) -> str:
    """Return a number of bytes for people: 1.2 MB."""
    number, unit = float(count), "B"
    for unit in ("B", "KB", "MB", "GB", "TB"):
        if number < 1000 or unit == "TB":
            break
        number /= 1000
    return f"{number:.0f} {unit}" if unit == "B" or number >= 100 else f"{number:.1f} {unit}"


def offered(datasette: Any) -> list[Release]:
    """Return the releases beside the archive that is served."""
    return releases(Path(datasette.get_database("archive").path).parent / "releases")


async def page(request: Any, datasette: Any) -> Response:
    """List the releases, and say how they are loaded."""
    context = {"releases": await asyncio.to_thread(offered, datasette)}
    return Response.html(await datasette.render_template("downloads.html", context, request=request))


async def download(request: Any, datasette: Any) -> "FileResponse":
    """Send a file that the index of a release names: any other is not there."""
    version, name = request.url_vars["version"], request.url_vars["path"]
    found = next((one for one in await asyncio.to_thread(offered, datasette) if one.version == version), None)
    path = found.path_of(name) if found else None
    if path is None:
        raise NotFound("没有这个文件：各版本的文件见下载页。")
    return FileResponse(path, request)


class FileResponse:
    """A file, or the part of it that the reader asked for (one range: a download that broke off goes on)."""

    def __init__(self, path: Path, request: Any) -> None:
        self.path, self.head, self.length = path, request.method == "HEAD", path.stat().st_size
        self.asked = RANGE.fullmatch(request.headers.get("range") or "")

    def part(self) -> tuple[int, int] | None:
        """Return start and end of what is sent; None where there is no such part."""
        if not self.asked or self.asked[0] == "bytes=-":
            return 0, self.length
        first, last = self.asked.groups()
        if not first:
            start, end = max(0, self.length - int(last)), self.length
        else:
            start, end = int(first), min(self.length, int(last) + 1 if last else self.length)
        return (start, end) if start < end else None

    async def asgi_send(self, send: Send) -> None:
        """Send headers, then the bytes piece by piece."""
        part, whole = self.part(), self.length
        headers = {"accept-ranges": "bytes", "content-disposition": f"attachment; filename*=UTF-8''{quote(self.path.name)}"}
        headers["content-type"] = TYPES.get(self.path.suffix, "application/octet-stream")
        status, (start, end) = (200, part) if part == (0, whole) else (206, part) if part else (416, (0, 0))
        headers["content-length"] = str(end - start)
        if status != 200:
            headers["content-range"] = f"bytes {start}-{end - 1}/{whole}" if part else f"bytes */{whole}"
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        if not self.head:
            with self.path.open("rb") as stream:
                stream.seek(start)
                while start < end and (piece := await asyncio.to_thread(stream.read, min(CHUNK, end - start))):
                    start += len(piece)
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
