"""The site over a small archive, built from exactly the arguments that `fazhi serve` runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from datasette.cli import serve

from archive.serve import datasette_arguments
from tests.reports import make_archive

SITE = Path(__file__).parents[2] / "datasette"
Get = Callable[..., Any]


def get_from(archive: Path, *more: str) -> Get:
    """Return a function that gets a path of the site; `more`: arguments added to those of `fazhi serve`."""
    arguments = datasette_arguments(SITE, archive, host="127.0.0.1", port=8001)[1:]
    context = serve.make_context("serve", [*arguments, *more])
    site = serve.callback(**{**context.params, "return_instance": True})
    asyncio.run(site.invoke_startup())

    def get(path: str, *, headers: dict[str, str] | None = None, **parameters: str) -> Any:
        return asyncio.run(site.client.get(path, params=parameters or None, headers=headers))

    return get


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_archive(tmp_path_factory.mktemp("data") / "archive.db")


@pytest.fixture(scope="session")
def get(archive: Path) -> Get:
    return get_from(archive)


def sql(get: Get, statement: str) -> Any:
    """Run SQL on the site, and return the answer as JSON with rows as arrays."""
    answer = get("/archive.json", sql=statement, _shape="arrays")
    if answer.status_code in (301, 302):  # 1.0 has another address for it
        answer = get(answer.headers["location"])
    return answer
