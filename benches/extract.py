#!/usr/bin/env python3
"""What extraction costs as users run it: whole processes, with gunzip, JSON and the start, on saved pages.

    cargo build --release
    python3 benches/extract.py PAGES [--newsprint target/release/newsprint] [--count 300] [--rounds 3]

PAGES is a folder of saved pages (.html or .html.gz), of which `--count` are taken at even distances. Measured are
`newsprint extract` with one job and with two, the start (one page of a few words), and trafilatura where
it is installed (`pip install trafilatura`). The round of least processor time counts. Figures are for this machine;
only their ratios travel.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

from processes import measure

TRAFILATURA = """
import gzip, json, pathlib, sys, trafilatura
with open("out.jsonl", "w") as out:
    for name in pathlib.Path("list").read_text().splitlines():
        data = pathlib.Path(name).read_bytes()
        data = gzip.decompress(data) if name.endswith(".gz") else data
        found = trafilatura.bare_extraction(data, with_metadata=True)
        if found:
            print(json.dumps({"title": found.title, "author": found.author, "date": found.date, "text": found.text}), file=out)
"""

TINY = """<!doctype html><title>Rain</title><article><h1>Rain</h1><p>It rained all day on the coast, and the
ferries to the islands stayed in port until the evening, the operator said on Monday.</p></article>"""


def main():
    args = arguments()
    files = sorted(p for p in args.pages.rglob("*") if p.name.endswith((".html", ".html.gz")))
    files = files[:: max(1, len(files) // args.count)][: args.count]
    if not files:
        sys.exit(f"no page (.html, .html.gz) below {args.pages}")
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        (work / "list").write_text("\n".join(str(p.resolve()) for p in files))
        (work / "tiny.html").write_text(TINY)
        rows = [(name, count, least(command, work, args.rounds)) for name, count, command in contenders(args, len(files))]
    report(rows)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=pathlib.Path)
    parser.add_argument("--newsprint", type=pathlib.Path, default=pathlib.Path("target/release/newsprint"))
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def contenders(args, count):
    """What is measured: a name, how many pages, and the command."""
    newsprint = [str(args.newsprint.resolve()), "extract", "--quiet", "--no-progress"]
    pages = [*newsprint, "--format", "jsonl", "--input-file", "list", "--output", "out.jsonl"]
    yield "newsprint extract --jobs 1", count, [*pages, "--jobs", "1"]
    yield "newsprint extract --jobs 2", count, [*pages, "--jobs", "2"]
    yield "newsprint extract of one tiny page", 1, [*newsprint, "tiny.html"]
    if subprocess.run([sys.executable, "-c", "import trafilatura"], capture_output=True).returncode == 0:
        yield "trafilatura", count, [sys.executable, "-c", TRAFILATURA]


def least(command, work, rounds):
    """CPU seconds, seconds and MB of the round of least processor time."""
    return min(measure(command, work) for _ in range(rounds))


def report(rows):
    print("| what | pages | s | CPU s | CPU ms a page | MB |\n| --- | --- | --- | --- | --- | --- |")
    for name, pages, (cpu, wall, memory) in rows:
        print(f"| {name} | {pages} | {wall:.2f} | {cpu:.2f} | {1000 * cpu / pages:.1f} | {memory:.0f} |")


if __name__ == "__main__":
    main()
