"""The settings are polite, and the docs name each of them and every reason."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from archive.raw import REASONS
from crawler import settings
from crawler.dialects import DIALECTS

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "crawling.md").read_text("utf-8")


def test_manners() -> None:
    assert settings.ROBOTSTXT_OBEY
    assert 1 <= settings.CONCURRENT_REQUESTS_PER_DOMAIN <= 2
    assert settings.DOWNLOAD_DELAY >= 1
    assert settings.AUTOTHROTTLE_ENABLED
    assert 30 <= settings.DOWNLOAD_TIMEOUT <= 60
    assert settings.DOWNLOAD_MAXSIZE == 30 * 1024 * 1024
    assert not settings.TELNETCONSOLE_ENABLED
    assert not settings.REMOTE_CONTROL_ENABLED


def test_a_cookie_brings_no_request_to_anybody_else() -> None:
    code = """
import socket
from scrapy.downloadermiddlewares import cookies
import crawler.cookies
def refuse(*args, **kwargs): raise AssertionError(args)
socket.getaddrinfo = socket.create_connection = refuse
print([cookies._is_public_domain(domain) for domain in ("gov.cn", "qinghe.gov.cn", "127.0.0.1")])
"""
    run = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(ROOT)}, check=False, capture_output=True, text=True
    )
    assert (run.stdout.strip(), run.stderr) == ("[True, False, False]", "")


@pytest.mark.parametrize("contact", ["mailto:a@b.example", "李雷 <a@b.example>\n X-Evil: 1", ""])
def test_contact_goes_into_the_user_agent_on_one_line(contact: str) -> None:
    code = "from crawler.settings import USER_AGENT; print(USER_AGENT)"
    env = {"FAZHI_CONTACT": contact, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    agent = subprocess.run([sys.executable, "-c", code], env=env, check=True, capture_output=True, encoding="utf-8").stdout
    assert agent.count("\n") == 1
    assert " ".join(contact.split()) in agent
    assert "(compatible; FazhiArchive; +" in agent


@pytest.mark.parametrize("name", [name for name in vars(settings) if name.isupper() and name not in ("BOT_NAME", "CONTACT")])
def test_docs_name_every_setting(name: str) -> None:
    plumbing = {"SPIDER_MODULES", "NEWSPIDER_MODULE", "DOWNLOADER_MIDDLEWARES", "EXTENSIONS", "LOG_FORMAT"}
    assert name in plumbing or f"`{name}`" in DOCS or f"`{name.removeprefix('AUTOTHROTTLE')}`" in DOCS


def test_docs_name_every_reason_and_dialect() -> None:
    for word in [*REASONS, *DIALECTS]:
        assert f"`{word}`" in DOCS, word
