"""Pages and WARC files made from the project's fixtures."""

import gzip
import itertools
import pathlib
import zlib

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "fixtures"

FERRY = """<html lang="en"><head><title>Ferry returns - The Harbour Post</title></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article><h1>Ferry returns</h1>
<p>The night ferry sailed again on Monday after eleven years in dock, with four hundred
passengers and a brass band on board.</p>
<p>It will cross twice a week until the ice comes, the harbour office said.</p></article>
</body></html>"""
FERRY_URL = "https://harbour.example/2026/03/ferry"

PANICS = "<!-- newsprint: panic -->" + FERRY
HANGS = "<!-- newsprint: hang -->" + FERRY


def fixtures():
    """The pages of the fixtures, each with its address, in the order of their names."""
    for path in sorted(FIXTURES.rglob("*.html")):
        place = path.relative_to(FIXTURES)
        yield f"https://{place.parts[1].replace('_', '-')}/{'/'.join(place.parts[2:])}", path.read_bytes()


def record(kind, url, block, content_type, date="2026-03-01T12:00:00Z"):
    """A record of a WARC file."""
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{zlib.crc32(block):012}>\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def response(url, body, *headers, status="200 OK"):
    """A response as it went over the wire."""
    head = "\r\n".join([f"HTTP/1.1 {status}", *headers]) + "\r\n\r\n"
    return record("response", url, head.encode() + body, "application/http; msgtype=response")


def chunked(body):
    parts = [body[at : at + 1000] for at in range(0, len(body), 1000)]
    return b"".join(b"%x\r\n%s\r\n" % (len(it), it) for it in parts) + b"0\r\n\r\n"


HTML = "Content-Type: text/html"

# Ways in which a server may send a page, and ways in which a record may be damaged.
WAYS = [
    lambda url, page: response(url, page, HTML),
    lambda url, page: response(url, page, "Content-Type: text/html; charset=utf-8"),
    lambda url, page: response(url, gzip.compress(page, mtime=0), HTML, "Content-Encoding: gzip"),
    lambda url, page: response(url, chunked(page), HTML, "Transfer-Encoding: chunked"),
    lambda url, page: response(url, page),
    lambda url, page: record("resource", url, page, "text/html"),
    lambda url, page: response(url, page, HTML),
    lambda url, page: response(url, page, HTML, "Transfer-Encoding: chunked"),
    lambda url, page: response(url, b"\x1f\x8bdamaged", HTML, "Content-Encoding: gzip"),
    lambda url, page: response(url, page[: len(page) // 2], HTML),
    lambda url, page: response(url, page, HTML, "Content-Encoding: unheard-of"),
    lambda url, page: response(url, page, HTML, status="404 Not Found"),
    lambda url, page: response("dns:harbour.example", page, HTML),
    lambda url, page: record("response", url, b"no HTTP", "application/http"),
    lambda url, page: response(url, b"", HTML),
]


def warc_records(count):
    """So many records of pages that differ, some of them damaged."""
    # More articles than pages that stand in an article's place.
    pages = [it for it in fixtures() for _ in range(4 if ".example/" in it[0] else 1)]
    for number, way in zip(range(count), itertools.cycle(WAYS)):
        url, page = pages[number * 7 % len(pages)]
        page = page.replace(b"</h1>", f" ({number})</h1>".encode()).replace(b"</p>", f" {number}.</p>".encode(), 1)
        yield way(f"{url}?{number}", page)


def write_warcs(folder, count, files, compress=True):
    """A WARC file of so many records, as several files in a folder; returns their paths."""
    records = list(warc_records(count))
    each = -(-len(records) // files)
    paths = []
    for number in range(files):
        path = pathlib.Path(folder) / f"part-{number:03}.warc{'.gz' if compress else ''}"
        part = records[number * each : (number + 1) * each]
        path.write_bytes(b"".join(gzip.compress(it, 1, mtime=0) if compress else it for it in part))
        paths.append(str(path))
    return paths
