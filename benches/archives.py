#!/usr/bin/env python3
"""What extraction from a WARC archive costs: reading alone, and reading with extracting.

    cargo build --release
    python3 benches/archives.py PAGES [--newsprint target/release/newsprint] [--records 20000] [--rounds 3]

PAGES is a folder of saved pages (.html or .html.gz). Of them an archive of `--records` answers is made, one gzip
member each, with requests between them as crawlers write them. Reading alone is the same archive with answers that
are passed over by their status: decompression, records and headers. The round of least processor time counts.
"""

import argparse
import gzip
import multiprocessing
import pathlib
import sys
import tempfile
import zlib

from processes import measure

RECORD = """WARC/1.0\r
WARC-Type: {kind}\r
WARC-Target-URI: https://paper-{site}.example/news/{number}\r
WARC-Date: 2026-11-23T09:00:00Z\r
WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r
Content-Type: application/http; msgtype={kind}\r
Content-Length: {length}\r
\r
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=pathlib.Path)
    parser.add_argument("--newsprint", type=pathlib.Path, default=pathlib.Path("target/release/newsprint"))
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    program = str(args.newsprint.resolve())
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        # By a process of its own: the memory of this one would count as that of what is measured.
        with multiprocessing.Pool(1) as process:
            size = process.apply(write_both, (args.pages, work, args.records))
        stored = (work / "pages.warc.gz").stat().st_size
        print(f"{args.records} pages, {size / 1e6:.0f} MB, stored in {stored / 1e6:.0f} MB")
        print("| what | s | CPU s | pages/s | pages a core hour | MB/s | MB |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        for name, archive, jobs in (
            ("reading alone", "others", 1),
            ("extract --jobs 1", "pages", 1),
            ("extract --jobs 2", "pages", 2),
        ):
            command = [program, "extract", f"{archive}.warc.gz", "--quiet", "--jobs", str(jobs), "--output", "out.jsonl"]
            processor, wall, megabytes = min(measure(command, work) for _ in range(args.rounds))
            hourly = args.records / processor * 3600
            print(
                f"| {name} | {wall:.2f} | {processor:.2f} | {args.records / wall:,.0f} "
                f"| {hourly:,.0f} | {size / 1e6 / wall:.0f} | {megabytes:.0f} |"
            )


def read_pages(folder):
    for path in sorted(folder.rglob("*")):
        if path.name.endswith(".html"):
            yield path.read_bytes()
        elif path.name.endswith(".html.gz"):
            yield gzip.decompress(path.read_bytes())


def write_both(folder, work, count):
    """Writes an archive of pages and one of answers that are passed over; the size of the answers of one."""
    pages = list(read_pages(folder))
    if not pages:
        raise ValueError(f"no page (.html, .html.gz) below {folder}")
    for name, status in (("pages", "200 OK"), ("others", "404 Not Found")):
        size = write(work / f"{name}.warc.gz", pages, count, status)
    return size


def write(path, pages, count, status):
    """Writes the archive, and returns the size of its answers before compression."""
    size = 0
    with open(path, "wb") as out:
        for number in range(count):
            page = pages[number % len(pages)]
            head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nServer: nginx\r\n\r\n".encode()
            request = f"GET /news/{number} HTTP/1.1\r\nUser-Agent: bench\r\n\r\n".encode()
            for kind, block in (("request", request), ("response", head + page)):
                fields = RECORD.format(kind=kind, site=number % 500, number=number, length=len(block))
                out.write(member(fields.encode() + block + b"\r\n\r\n"))
            size += len(head) + len(page)
    return size


def member(data):
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


if __name__ == "__main__":
    main()
