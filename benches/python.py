#!/usr/bin/env python3
"""The Python package against the command line and against trafilatura, on one folder of pages:

    python benches/python.py FOLDER [--command target/release/newsprint] [--pages 1000]

Prints pages a second of: the command with one job; `Extractor.extract` on one and two threads; `extract_batch` on one
and two; and datatrove's steps, ours and trafilatura's, each as datatrove runs it. Needs the package built with
`--release`, and `datatrove`, `trafilatura` and `pyarrow`."""
import argparse
import gzip
import pathlib
import subprocess
import sys
import tempfile
import threading
import time


def pages_of(folder, most):
    paths = sorted(pathlib.Path(folder).rglob("*.htm*"))
    chosen = paths[:: max(1, len(paths) // most)][:most]
    read = lambda path: gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [page for page in map(read, chosen) if page]


def rate(count, work, runs=3):
    """Pages a second: the best of some runs, the first of which also warms up."""
    best = 0.0
    for _ in range(runs):
        start = time.perf_counter()
        work()
        best = max(best, count / (time.perf_counter() - start))
    return best


def in_threads(number, work):
    threads = [threading.Thread(target=work, args=(at,)) for at in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--command")
    parser.add_argument("--pages", type=int, default=1000, help="the most pages, taken at even distances")
    arguments = parser.parse_args()

    import newsprint
    import pyarrow
    from datatrove.data import Document
    from datatrove.pipeline.extractors import Trafilatura

    from newsprint.integrations.datatrove import Newsprint

    pages = pages_of(arguments.folder, arguments.pages)
    print(f"{len(pages)} pages, {sum(map(len, pages)) / len(pages) / 1024:.0f} KiB on average")
    extractor = newsprint.Extractor()

    def report(name, found):
        print(f"{name:32} {found:10.1f} pages/s", flush=True)

    if arguments.command:
        # A folder of names only, so that both read the same files.
        with tempfile.TemporaryDirectory() as folder:
            for number, page in enumerate(pages):
                pathlib.Path(folder, f"{number:06}.html").write_bytes(page)
            command = [arguments.command, "extract", "--no-site-memory", "--quiet", "--any-kind", "--jobs", "1", folder]
            run = lambda: subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            report("command line, 1 job", rate(len(pages), run))
            batch = newsprint.Extractor(any_kind=True)
            files = sorted(pathlib.Path(folder).iterdir())
            read = lambda: [batch.extract(it.read_bytes(), source=str(it)).to_json() for it in files]
            report("the same in Python", rate(len(pages), read))

    def single(at, of=1):
        for page in pages[at::of]:
            extractor.extract(page)

    report("extract, 1 thread", rate(len(pages), lambda: single(0)))
    report("extract, 2 threads", rate(len(pages), lambda: in_threads(2, lambda at: single(at, 2))))
    batch = pyarrow.RecordBatch.from_pydict({"html": pyarrow.array(pages, pyarrow.large_binary())})
    for threads in (1, 2):
        name = f"extract_batch, {threads} thread{'s' * (threads > 1)}"
        report(name, rate(len(pages), lambda: extractor.extract_batch(batch, threads=threads)))

    few = [page.decode("utf-8", "replace") for page in pages]
    for step in (Newsprint(), Trafilatura(timeout=30)):
        run = lambda: sum(1 for _ in step.run(Document(it, str(at)) for at, it in enumerate(few)))
        report(f"datatrove, {type(step).__name__}", rate(len(few), run, runs=2))


if __name__ == "__main__":
    sys.exit(main())
