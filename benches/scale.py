#!/usr/bin/env python3
"""What grows with the number of addresses, and what does not: a site of nginx on loopback, limits off.

    cargo build --release
    python3 benches/scale.py [--newsprint target/release/newsprint] [--waiting 4000,1000000,10000000]
                             [--visits 3000] [--addresses 1000000] [--articles 1000000]

Prints the CPU seconds of a pass of so many visits with so many addresses waiting, of `status` and of a dry run there,
of the intake of so many new addresses from sitemaps with what each takes in the store, and what a look-up among so many
stored articles costs. Stores with waiting addresses are made by SQL, as `insert_waiting` says; all else is done by the
program. Each figure is of one run; they are for this machine, and only their ratios travel. nginx must be on the path.
"""

import argparse
import hashlib
import json
import pathlib
import random
import shutil
import sqlite3
import sys
import tempfile
import time

from processes import free_port, measure, nginx

NGINX = """
daemon off; master_process off; pid {root}/nginx.pid; error_log {root}/nginx.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; default_type "text/html";
  client_body_temp_path {root}/tmp; proxy_temp_path {root}/tmp; fastcgi_temp_path {root}/tmp;
  uwsgi_temp_path {root}/tmp; scgi_temp_path {root}/tmp;
  server {{
    listen 127.0.0.1:{port};
    location /map {{ root {root}/www/$host; types {{ application/xml xml; }} }}
    location = / {{ return 200 "<html><body><p>Nothing new today.</p></body></html>"; }}
    location = /robots.txt {{ return 404; }}
    location / {{ return 200 '{page}'; }}
  }}
}}
"""
HOSTS = 40
MAP = 50_000
PAGE = (
    "<html><head><title>A story of $uri</title></head><body><article><h1>A story of $uri</h1>"
    + "".join(
        f"<p>The council of $uri met on day {day} and heard that the ferry to $uri would run again, said a speaker "
        f"for $uri who had waited {day} hours for the boat and wrote about it for everyone.</p>"
        for day in range(2, 7)
    )
    + "</article></body></html>"
)


def main():
    args = arguments()
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "tmp").mkdir()
        port = free_port()
        with nginx(root, port, NGINX.format(root=root, port=port, page=PAGE)):
            bench = Bench(root, port, args)
            bench.passes()
            bench.intake()
            bench.duplicates()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    sizes = lambda text: [int(size) for size in text.split(",") if size]
    parser.add_argument("--newsprint", type=pathlib.Path, default=pathlib.Path("target/release/newsprint"))
    parser.add_argument("--waiting", type=sizes, default=[4_000, 1_000_000, 10_000_000])
    parser.add_argument("--visits", type=int, default=3_000)
    parser.add_argument("--addresses", type=int, default=1_000_000, help="new ones from sitemaps; 0 for none")
    parser.add_argument("--articles", type=int, default=1_000_000, help="stored ones; 0 for none")
    return parser.parse_args()


class Bench:
    def __init__(self, root, port, args):
        self.root, self.port, self.args = root, port, args
        self.newsprint = str(args.newsprint.resolve())

    def passes(self):
        print("| waiting | pass, CPU s | MB | `status`, CPU s | dry run, CPU s | MB |\n| --- | --- | --- | --- | --- | --- |")
        for size in self.args.waiting:
            work = self.work("front", "links")
            self.run(work, "crawl", "--quiet")
            insert_waiting(work / "newsprint.db", size)
            dry = self.run(work, "crawl", "--dry-run", "--quiet", "--max-pages", "100")
            status = self.run(work, "status")
            crawl = self.run(work, "crawl", "--quiet", "--max-pages", str(self.args.visits))
            visited = count(work, "visits > 0 AND kind = 0")
            if visited < min(size, self.args.visits) * 0.9:
                sys.exit(f"only {visited} pages were visited")
            print(f"| {size:,} | {crawl[0]:.2f} | {crawl[1]:.0f} | {status[0]:.2f} | {dry[0]:.2f} | {dry[1]:.0f} |", flush=True)
            shutil.rmtree(work)

    def intake(self):
        if not self.args.addresses:
            return
        maps = -(-self.args.addresses // MAP)
        for number in range(maps):
            write_map(self.root / "www" / host(number % HOSTS) / "map", number)
        work = self.work("maps", "sitemaps", maps)
        cpu, memory = self.run(work, "crawl", "--quiet", "--max-pages", "1")
        rows = count(work, "kind = 0")
        database = sqlite3.connect(work / "newsprint.db")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = [database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size", "freelist_count")]
        size = (pages[0] - pages[2]) * pages[1]
        print(f"\n{rows:,} new addresses from {maps} sitemaps: {cpu:.1f} CPU s, {memory:.0f} MB, {size / max(rows, 1):.0f} bytes each")
        shutil.rmtree(work)

    def duplicates(self):
        if not self.args.articles:
            return
        costs = []
        for articles in (0, self.args.articles):
            work = self.work("front", "links")
            self.run(work, "crawl", "--quiet")
            insert_waiting(work / "newsprint.db", 2_000)
            insert_articles(work / "newsprint.db", articles)
            costs.append(self.run(work, "crawl", "--quiet", "--max-pages", "2000")[0])
            shutil.rmtree(work)
        print(f"\na pass of 2,000 articles: {costs[0]:.2f} CPU s, with {self.args.articles:,} stored {costs[1]:.2f}")

    def work(self, name, discover, maps=0):
        work = self.root / name
        work.mkdir()
        config = ["[crawl]", "requests_per_second = 100000.0", "concurrency = 64", "retries = 0", "[network.resolve]"]
        config += [f'"{host(number)}:80" = "127.0.0.1:{self.port}"' for number in range(HOSTS)]
        for number in range(HOSTS):
            own = [f'"http://{host(number)}/map/{it}.xml"' for it in range(maps) if it % HOSTS == number]
            entries = f"sitemaps = [{', '.join(own)}]" if maps else f'start = ["http://{host(number)}/"]'
            if own or not maps:
                config += ["[[source]]", f'name = "{host(number)}"', entries, f'discover = ["{discover}"]']
        (work / "config.toml").write_text("\n".join(config))
        return work

    def run(self, work, *command):
        """The CPU seconds and the megabytes of a command."""
        cpu, _, memory = measure([self.newsprint, *command], work)
        return cpu, memory


def host(number):
    return f"www.h{number:02}.bench"


def path(number):
    return f"/2026/11/{number % 28 + 1:02}/politics/a-story-with-a-long-name-{number:08}"


def write_map(folder, number):
    folder.mkdir(parents=True, exist_ok=True)
    site = host(number % HOSTS)
    with open(folder / f"{number}.xml", "w") as file:
        file.write('<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">')
        for page in range(number * MAP, (number + 1) * MAP):
            file.write(f"<url><loc>http://{site}{path(page)}</loc></url>\n")
        file.write("</urlset>")


def insert_waiting(store, count):
    """Addresses as the intake of a sitemap leaves them, spread over the hosts; then the counters that it keeps."""
    database = sqlite3.connect(store)
    now = int(time.time() * 1000) - 60_000
    dates = random.Random(1)
    hosts = dict(database.execute("SELECT host, id FROM hosts"))
    sources = dict(database.execute("SELECT name, id FROM source_ids"))

    def rows():
        for number in range(count):
            name = host(number % HOSTS)
            hint = now - dates.randrange(20 * 86_400_000)
            yield hosts[name], sources[name], key(name, path(number)), ":" + path(number), now, hint, now

    # Sorted as an intake would sort them, host by host.
    database.executemany(
        "INSERT INTO urls (host_id, source_id, kind, key, path, depth, given, due_at, hint, found_at, evidence)"
        " VALUES (?, ?, 0, ?, ?, 1, 0, ?, ?, ?, 2)",
        rows(),
    )
    database.executescript(
        """
        UPDATE source_ids SET (waiting_pages, waiting_bytes) = (
            SELECT COUNT(*), COALESCE(SUM(LENGTH(path)), 0) FROM urls
            WHERE source_id = source_ids.id AND kind = 0 AND due_at IS NOT NULL AND visits = 0);
        UPDATE host_shares SET due_at = 0;
        INSERT OR REPLACE INTO found_pages
        SELECT source_id, found_at, COUNT(*) FROM urls WHERE kind = 0 GROUP BY 1, 2;
        """
    )
    database.commit()
    database.close()


def key(name, path):
    """`urls.key`: FNV-1a of the host before 40 bits of SHA-256 of the whole."""
    name = name.removeprefix("www.")
    fnv = 0xCBF29CE484222325
    for byte in name.encode():
        fnv = (fnv ^ byte) * 0x100000001B3 % 2**64
    page = int.from_bytes(hashlib.sha256((name + path).encode()).digest()[:5], "big")
    bits = ((fnv ^ fnv >> 32) << 40) % 2**64 | page
    return bits - 2**64 if bits >= 2**63 else bits


def insert_articles(store, count):
    """Articles, each in eight bands of its own; one of the bands holds as many as a band may."""
    database = sqlite3.connect(store)
    bands = random.Random(2)
    record = json.dumps({"text": "word " * 20})
    database.executemany(
        "INSERT INTO articles (seq, id, source, content_hash, fetched_at, written_at, words, filled, record)"
        " VALUES (?, ?, 'old', ?, 0, 0, 20, 0, ?)",
        ((seq, f"old{seq}", f"hash{seq}", record) for seq in range(1, count + 1)),
    )
    database.executemany(
        "INSERT OR IGNORE INTO text_bands (band, seq) VALUES (?, ?)",
        sorted((bands.getrandbits(63), seq) for seq in range(1, count + 1) for _ in range(8)),
    )
    database.commit()
    database.close()


def count(work, condition):
    return sqlite3.connect(work / "newsprint.db").execute(f"SELECT COUNT(*) FROM urls WHERE {condition}").fetchone()[0]


if __name__ == "__main__":
    main()
