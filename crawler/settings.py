"""Scrapy settings: manners first. docs/crawling.md says in words what each one does to a site."""

import os

#: Who to write to about this crawler: an address or a page, from FAZHI_CONTACT.
CONTACT = " ".join(os.environ.get("FAZHI_CONTACT", "").split()) or "https://github.com/fazhi-archive/fazhi-archive"

BOT_NAME = "FazhiArchive"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# One honest name. The Mozilla prefix is the custom of crawlers: some portals reset whatever does not begin so.
USER_AGENT = f"Mozilla/5.0 (compatible; {BOT_NAME}; +{CONTACT})"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = BOT_NAME  # the name that a robots.txt can use for us

# Manners: one conversation with a host at a time, a pause of a second and more, longer where the host is slow.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.3
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.5
AUTOTHROTTLE_MAX_DELAY = 30.0  # a host that needs half a minute for a page gets as long a rest
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
# Over all hosts: with a second's pause each, two hundred at a time; they take turns, so that 3,000 share one process fairly.
CONCURRENT_REQUESTS = 200
CONCURRENT_ITEMS = 2  # callbacks yield requests alone; Scrapy starts as many tasks for each response as this says

# Small county servers are slow (20 to 30 seconds is normal), but an answer without end must end.
DOWNLOAD_TIMEOUT = 45
DOWNLOAD_MAXSIZE = 30 * 1024 * 1024  # a scanned report in PDF fits; a video does not
DOWNLOAD_WARNSIZE = 0
RETRY_TIMES = 2
REDIRECT_MAX_TIMES = 8  # a real migration needs two or three; more is a loop
METAREFRESH_MAXDELAY = 10
DNS_TIMEOUT = 20

#: Failing tries in a row after which a host is left alone for the rest of the run (an address is tried RETRY_TIMES + 1 times).
HOST_FAILURE_BUDGET = 9
#: The hours of the day, in China, at which requests may be made: 20-7 is the night; "" is any hour.
OFF_HOURS = ""
#: Folder of locks by which the workers of one run take turns at a host; "" where there is one process only.
HOST_TURNS = ""
#: List pages read of one list; yearly reports never need as many, a calendar does.
LIST_PAGES_MAX = 200
#: Columns looked into where an entry names no list.
COLUMN_PAGES_MAX = 8
#: Longest pause that a Crawl-delay in robots.txt can ask for, seconds.
CRAWL_DELAY_MAX = 60.0

# Plain gzip only: it is what the WARC tools and the oldest servers both know.
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip",
}

DOWNLOADER = "crawler.downloader.PoliteDownloader"
DOWNLOAD_HANDLERS = {"https": "crawler.tls.Https"}
DOWNLOADER_MIDDLEWARES = {
    "crawler.manners.Gate": 60,  # before robots.txt is asked for: which hosts, which are left alone
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.robots.Robots": 100,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "crawler.cookies.Cookies": 700,
    "crawler.manners.Watch": 585,  # sees decoded bodies (590) before anything is tried again (550)
}
EXTENSIONS = {"crawler.warc.Archivist": 0, "crawler.hours.OffHours": 0}

# Nothing listens, nothing is cached, nothing is exported: the raw store is the output.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
HTTPCACHE_ENABLED = False
FEEDS: dict[str, dict[str, str]] = {}

LOG_LEVEL = "INFO"
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # every failed address stands in the attempts, with its reason
