#!/usr/bin/env python3
"""How fast a crawl is: so many pages on so many hosts, served by nginx on loopback, limits off.

    cargo build --release
    python3 benches/crawl.py PAGES [--newsprint target/release/newsprint] [--count 2000] [--hosts 40]
        [--before OTHER] [--python scrapy/bin/python] [--only NAME]
        [--store postgres:///bench?host=/run/postgresql [--workers 4]]

PAGES is a folder of saved pages (.html or .html.gz). Beside `newsprint crawl` it measures, in turn
and on the same files, `newsprint extract` alone, and Scrapy with and without trafilatura where they
are installed for `--python` (`pip install scrapy trafilatura`). `--before` names another build of newsprint,
whose crawl is measured in turn with this one's. `--store` names a PostgreSQL database on this machine, which is emptied:
`--workers` crawls on it are measured in turn with the one on SQLite, with the CPU time of the server's processes. nginx must be on the path. Each is run `--rounds` times and
the least CPU time counts; figures are for this machine and only their ratios travel.
"""

import argparse
import gzip
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from database import Database
from processes import free_port, measure, nginx

NGINX = """
daemon off; master_process off; pid {root}/nginx.pid; error_log {root}/nginx.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; default_type "text/html"; types {{ }}
  client_body_temp_path {root}/tmp; proxy_temp_path {root}/tmp; fastcgi_temp_path {root}/tmp;
  uwsgi_temp_path {root}/tmp; scgi_temp_path {root}/tmp;
  server {{ listen 127.0.0.1:{port}; server_name 127.0.0.1; root {root}/www; index front; }}
  server {{ listen 127.0.0.1:{port} default_server; root {root}/www/$host; index front; }}
}}
"""

SPIDER = """
import json, scrapy, sys
from scrapy.crawler import CrawlerProcess
if {extract}:
    import trafilatura
class Spider(scrapy.Spider):
    name = "bench"
    start_urls = {starts!r}
    def parse(self, response):
        for href in response.css("a::attr(href)").getall():
            yield response.follow(href, self.page)
    def page(self, response):
        if {extract}:
            found = trafilatura.bare_extraction(response.text, url=response.url, with_metadata=True)
            yield {{"url": response.url, "text": found.text if found else None,
                   "title": found.title if found else None}}
        else:
            yield {{"url": response.url, "size": len(response.body)}}
process = CrawlerProcess({{"LOG_LEVEL": "ERROR", "ROBOTSTXT_OBEY": True, "CONCURRENT_REQUESTS": 64,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 64, "DOWNLOAD_DELAY": 0, "TELNETCONSOLE_ENABLED": False,
    "FEEDS": {{ {output!r}: {{"format": "jsonlines"}} }} }})
process.crawl(Spider)
process.start()
"""


def main():
    args = arguments()
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        hosts = lay_out(root, args)
        port = free_port()
        with nginx(root, port, NGINX.format(root=root, port=port)):
            chosen = [(name, run) for name, run in contenders(root, args, hosts, port) if (args.only or "") in name]
            rows = measure_all(chosen, args.rounds)
    report(rows, args.count)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=pathlib.Path)
    parser.add_argument("--newsprint", type=pathlib.Path, default=pathlib.Path("target/release/newsprint"))
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--hosts", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--before", type=pathlib.Path)
    parser.add_argument("--python", default=sys.executable, help="runs Scrapy and trafilatura")
    parser.add_argument("--store", help="a PostgreSQL database, as in [store] url; it is emptied")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--only", help="measure what has this in its name")
    return parser.parse_args()


def lay_out(root, args):
    """Writes the pages below www/HOST/news/, and a front page a host."""
    files = sorted(p for p in args.pages.rglob("*") if p.name.endswith((".html", ".html.gz")))
    step = max(1, len(files) // args.count)
    files = files[::step][: args.count]
    args.count = len(files)
    hosts = [f"h{number:02}.bench" for number in range(args.hosts)]
    links = {host: [] for host in hosts}
    for number, file in enumerate(files):
        host = hosts[number % len(hosts)]
        data = file.read_bytes()
        data = gzip.decompress(data) if file.suffix == ".gz" else data
        path = root / "www" / host / "news" / f"page-{10_000 + number}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        links[host].append(path.name)
    for host, names in links.items():
        items = "".join(f'<a href="news/{name}">A headline of at least six words</a>\n' for name in names)
        (root / "www" / host / "front").write_text(f"<html><body>{items}</body></html>")
    (root / "tmp").mkdir()
    return hosts


def contenders(root, args, hosts, port):
    """What is measured: a name, and a function that gives a command and what counts its pages."""
    config = ["[crawl]", "requests_per_second = 100000.0", "concurrency = 64", "retries = 0",
              'timeout = "60s"', 'max_body = "20 MiB"', "[network.resolve]"]
    config += [f'"{host}:80" = "127.0.0.1:{port}"' for host in hosts]
    for host in hosts:
        config += ["[[source]]", f'name = "{host}"', f'start = ["http://{host}/"]', 'discover = ["links"]']

    def crawl(newsprint):
        def run():
            work = fresh(root)
            (work / "config.toml").write_text("\n".join(config))
            return [newsprint, "crawl", "--quiet"], work, lambda: visits(newsprint, work)
        return run

    def crawls(newsprint, database):
        script = "".join(f"(cd w{n} && exec {newsprint} crawl --quiet) & " for n in range(args.workers)) + "wait"

        def run():
            work = fresh(root)
            database.empty()
            for number in range(args.workers):
                (work / f"w{number}").mkdir()
                store = ["[store]", f'url = "{args.store}"', f'worker = "w{number}"']
                (work / f"w{number}" / "config.toml").write_text("\n".join(store + config))
            before, counted = database.cpu(), []

            def count():
                counted.append((database.cpu() - before, database.statements()))
                pages = int(database.ask("SELECT COUNT(*) FROM urls WHERE kind = 0 AND visits > 0"))
                if counted[0][1] is not None:
                    print(f"{counted[0][1] / pages:.1f} statements a page")
                return pages
            return ["sh", "-c", script], work, count, lambda: counted[0][0]
        return run

    def extract():
        newsprint = str(args.newsprint.resolve())
        work = fresh(root)
        names = sorted(str(p) for p in (root / "www").rglob("page-*"))
        (work / "list").write_text("\n".join(names))
        command = [newsprint, "extract", "--quiet", "--format", "jsonl", "--input-file", "list", "--output", "out.jsonl"]
        return command, work, lambda: len(names)

    def scrapy(with_extraction):
        def run():
            work = fresh(root)
            starts = [f"http://127.0.0.1:{port}/{host}/" for host in hosts]
            (work / "spider.py").write_text(SPIDER.format(extract=with_extraction, starts=starts, output="out.jsonl"))
            count = lambda: sum(1 for _ in open(work / "out.jsonl"))
            return [args.python, "spider.py"], work, count
        return run

    yield "newsprint crawl", crawl(str(args.newsprint.resolve()))
    if args.before:
        yield "newsprint crawl, before", crawl(str(args.before.resolve()))
    if args.store:
        name = f"newsprint crawl, {args.workers} workers on PostgreSQL"
        yield name, crawls(str(args.newsprint.resolve()), Database(args.store))
    yield "newsprint extract", extract
    if importable(args.python, "scrapy"):
        yield "Scrapy, no extraction", scrapy(False)
        if importable(args.python, "trafilatura"):
            yield "Scrapy with trafilatura", scrapy(True)


def importable(python, name):
    code = subprocess.run([python, "-c", f"import {name}"], capture_output=True).returncode
    return code == 0


def fresh(root):
    work = root / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    return work


def visits(newsprint, work):
    rows = subprocess.run([newsprint, "status", "--format", "json"], cwd=work, capture_output=True, check=True)
    return sum(row["pages"] for row in json.loads(rows.stdout))


def measure_all(contenders, rounds):
    """The best round of each. All have their turn in each round, so that a busy machine slows all of them."""
    best = {}
    for _ in range(rounds):
        for name, run in contenders:
            command, work, count, *others = run()
            cpu, wall, memory = measure(command, work)
            pages = count()
            row = (cpu + sum(other() for other in others), wall, memory, pages)
            best[name] = min(best.get(name, row), row)
    return list(best.items())


def report(rows, count):
    print(f"{count} pages; the round of least CPU time of each\n")
    print("| what | pages | s | CPU s | pages / CPU s | MB |\n| --- | --- | --- | --- | --- | --- |")
    for name, (cpu, wall, memory, pages) in rows:
        print(f"| {name} | {pages} | {wall:.1f} | {cpu:.1f} | {pages / cpu:.0f} | {memory:.0f} |")


if __name__ == "__main__":
    main()
