#!/usr/bin/env python3
"""What a claim and a visit cost on a PostgreSQL server with few and with many addresses: a site of nginx on loopback, to
which a proxy setting leads every host, limits off.

    cargo build --release
    python3 benches/scale_server.py postgres:///bench?host=/run/postgresql [--newsprint target/release/newsprint]
                                    [--waiting 10000,10000000] [--visits 3000] [--keep]

The database is emptied. Addresses are made by SQL as `insert_waiting` says: a hundred a host; where there are more than
100,000, a tenth of the hosts has them due now and the others tomorrow. Prints the bytes of an address, the CPU
time of the program and of the server for a visit, the median of a claim as the program sees it, and with
`shared_preload_libraries = pg_stat_statements` the statements that took longest. nginx and psql must be on the path.
"""

import argparse
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

from database import Database
from processes import free_port, nginx
from scale import NGINX

SOURCES = 100
A_HOST = 100
WORDS = ("the council met and heard that the ferry to the island would run again said a speaker for the town who had waited "
         "many hours for the boat and wrote about it").split()
# Every run of three words has the number of its request: no two texts are alike.
TEXT = " ".join(word + " $request_id" * (at % 2) for at, word in enumerate(WORDS))
PAGE = (f"<html><head><title>Story $request_id</title></head><body><article><h1>Story $request_id</h1>"
        + f"<p>{TEXT}.</p>" * 5 + "</article></body></html>")


def main():
    args = arguments()
    database = Database(args.store)
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "tmp").mkdir()
        port = free_port()
        config(root, args.store, port)
        with nginx(root, port, NGINX.format(root=root, port=port, page=PAGE)):
            print("| waiting | bytes each | visits | CPU ms a visit | of the server | statements | claims | median ms |")
            print("| --- | --- | --- | --- | --- | --- | --- | --- |")
            for size in args.waiting:
                measure(args, database, root, size)
    if not args.keep:
        database.empty()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    sizes = lambda text: [int(size) for size in text.split(",") if size]
    parser.add_argument("store", help="a PostgreSQL database, as in [store] url; it is emptied")
    parser.add_argument("--newsprint", type=pathlib.Path, default=pathlib.Path("target/release/newsprint"))
    parser.add_argument("--waiting", type=sizes, default=[10_000, 10_000_000])
    parser.add_argument("--visits", type=int, default=3_000)
    parser.add_argument("--keep", action="store_true", help="leave the last database as it is")
    return parser.parse_args()


def config(root, store, port):
    lines = ["[crawl]", "requests_per_second = 100000.0", "concurrency = 64", "retries = 0", "[store]", f'url = "{store}"',
             "[network]", "allow_private = true", f'proxy = "http://127.0.0.1:{port}"']
    for number in range(SOURCES):
        lines += ["[[source]]", f'name = "s{number:02}"', f'start = ["http://s{number:02}.bench/"]', 'discover = ["links"]']
    (root / "config.toml").write_text("\n".join(lines))


def measure(args, database, root, size):
    database.empty()
    crawl(args, root)
    insert_waiting(database, size)
    bytes_each = int(database.ask("SELECT pg_total_relation_size('urls')")) / size
    if database.counts:
        database.ask("SELECT pg_stat_statements_reset()")
    before = database.cpu()
    cpu, said = crawl(args, root, "-vv", "--max-pages", str(args.visits))
    server = database.cpu() - before
    visits = int(database.ask("SELECT COUNT(*) FROM urls WHERE kind = 0 AND visits > 0"))
    if visits < min(size, args.visits) * 0.9:
        sys.exit(f"only {visits} pages were visited:\n{said[-2000:]}")
    claims = [int(micros) / 1000 for micros in re.findall(r"micros=(\d+)", said)]
    statements = (database.statements() or 0) / visits
    print(f"| {size:,} | {bytes_each:.0f} | {visits} | {(cpu + server) / visits * 1000:.2f} | {server / visits * 1000:.2f} "
          f"| {statements:.1f} | {len(claims)} | {statistics.median(claims):.2f} |", flush=True)
    if database.counts:
        print(database.ask("""SELECT format('%8s calls %8s ms each %9s ms  %s', calls, round(mean_exec_time::numeric, 3),
            round(total_exec_time::numeric), left(regexp_replace(query, '\\s+', ' ', 'g'), 90))
            FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
            ORDER BY total_exec_time DESC LIMIT 16"""), file=sys.stderr, flush=True)


def crawl(args, root, *options):
    """The CPU seconds of a crawl, and what it logged."""
    with tempfile.TemporaryFile("w+") as log:
        child = subprocess.Popen([str(args.newsprint.resolve()), "crawl", *options], cwd=root, stdout=subprocess.DEVNULL, stderr=log)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        said = log.read()
    if child.returncode not in (0, 3):
        sys.exit(f"the crawl ended with {child.returncode}: {said[-2000:]}")
    return usage.ru_utime + usage.ru_stime, said


def insert_waiting(database, count):
    """Addresses as the intake of sitemaps leaves them, and the counters that it keeps. Indexes are built in the end."""
    hosts = max(count // A_HOST, 1)
    now = int(time.time() * 1000) - 60_000
    later = now + 86_400_000
    due = f"CASE WHEN {count} <= 100000 OR at % 10 = 0 THEN {now} ELSE {later} END"
    indexes = database.ask("SELECT indexdef || ';' FROM pg_indexes WHERE tablename = 'urls' AND indexname <> 'urls_pkey'")
    names = database.ask("SELECT indexname FROM pg_indexes WHERE tablename = 'urls' AND indexname <> 'urls_pkey'")
    database.ask(
        *(f"DROP INDEX {name}" for name in names.split()),
        "CREATE TEMPORARY TABLE numbered AS SELECT id, ROW_NUMBER() OVER (ORDER BY id) - 1 AS number FROM source_ids",
        f"""CREATE TEMPORARY TABLE made AS SELECT at, 'w' || at || '.bench' AS name, numbered.id AS source
            FROM generate_series(0, {hosts - 1}) AS at JOIN numbered ON number = at % {SOURCES}""",
        f"INSERT INTO hosts (host, source_id, claimed_at) SELECT name, source, {now} FROM made",
        f"""INSERT INTO urls (host_id, source_id, kind, key, path, depth, given, due_at, hint, found_at, evidence)
            SELECT hosts.id, source, 0, hashtextextended(name || number, 0),
                   ':/2026/11/' || lpad((number % 28 + 1)::text, 2, '0') || '/politics/a-story-with-a-long-name-'
                       || lpad(number::text, 8, '0'),
                   1, 0, {due}, {now} - number * 7919 % (20 * 86400000::bigint), {now}, 2
            FROM generate_series(0, {count - 1}::bigint) AS number
                 JOIN made ON at = number / 10 % {hosts} JOIN hosts ON hosts.host = name""",
        f"""INSERT INTO host_shares (host_id, source_id, due_at, claimed_at)
            SELECT hosts.id, source, {due}, {now} FROM made JOIN hosts ON hosts.host = name""",
        """UPDATE source_ids SET waiting_pages = pages, waiting_bytes = bytes
           FROM (SELECT source_id, COUNT(*) AS pages, SUM(LENGTH(path)) AS bytes FROM urls WHERE kind = 0 GROUP BY 1) AS counted
           WHERE source_id = source_ids.id""",
        "INSERT INTO found_pages SELECT source_id, found_at, COUNT(*) FROM urls WHERE kind = 0 GROUP BY 1, 2",
        *filter(None, indexes.replace("\n", " ").split(";")),
    )
    database.ask("VACUUM ANALYZE")


if __name__ == "__main__":
    main()
