"""The tables of the raw store's index, and the closed list of reasons in them."""

#: Why an address brought nothing usable: `attempts.reason`, and `sites.reason` of the archive.
REASONS = {
    "challenge_412": "412 (or 202) with a script challenge (瑞数)",
    "challenge_521": "521 with a cookie script (加速乐)",
    "waf": "403, 405, 418 or 468 with a firewall's block page",
    "wzws": "a WZWS challenge page",
    "cookie_shell": "a shell that only sets a cookie",
    "robots_disallowed": "robots.txt forbids the address",
    "robots_unavailable": "robots.txt answered 401, 403 or 5xx: the host is left alone",
    "soft_404": "an error page that was served as a page",
    "moved": "the whole host redirects elsewhere",
    "redirect_loop": "redirects without end",
    "off_domain": "a redirect to a host that is neither under .gov.cn nor named by an entry",
    "timeout": "no answer in time",
    "refused": "connection refused",
    "dns": "the host name does not resolve",
    "tls": "the TLS handshake failed",
    "reset": "the connection broke",
    "too_large": "larger than the limit",
    "too_slow": "the answer trickled in past the limit",
    "wrong_type": "not the type that was asked for",
    "list_trap": "a list that repeats itself, or leads to fewer pages than it says it has",
    "empty_list": "a list without a single entry",
    "wrong_dialect": "the page does not look like the dialect in the registry",
    "http_404": "404 or 410",
    "http_4xx": "another 4xx",
    "http_5xx": "a 5xx",
}

SCHEMA = """
create table if not exists responses (
    id integer primary key, url text not null, time text not null, status integer, type text, wire_digest text,
    payload_digest text, file text not null, offset integer not null, length integer not null, site text, run text,
    role text, via text, link_text text, link_date text, filename text, unique (file, offset));
create index if not exists responses_url on responses (url);
create index if not exists responses_payload on responses (payload_digest);
create table if not exists revisits (
    id integer primary key, url text not null, time text not null, status integer, refers_to_url text not null,
    refers_to_time text not null, file text not null, offset integer not null, length integer not null, site text, run text,
    unique (file, offset));
create index if not exists revisits_url on revisits (url);
create table if not exists attempts (
    id integer primary key, url text not null, site text, run text, time text, reason text, detail text);
create index if not exists attempts_site on attempts (site, run);
create table if not exists sightings (url text primary key, time text, run text) without rowid;
create table if not exists runs (
    run text primary key, spider text, started text, finished text, sites integer) without rowid;
create table if not exists sites (id text primary key, entry text not null) without rowid;
"""
