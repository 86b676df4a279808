"""Reads an archive with the tools of web archives: `tools.py FOLDER COLLECTION URL`, where pywb makes a
collection in the second folder. Prints what was found as JSON: how many
records FastWARC reads of each type, and the page of that address as pywb replays it."""
import collections
import gzip
import json
import os
import pathlib
import sys

from gevent.monkey import patch_all

patch_all()

from fastwarc import ArchiveIterator, WarcRecordType
from pywb.apps.frontendapp import FrontEndApp
from pywb.manager.manager import main as wb_manager
from warcio.checker import Checker
from werkzeug.test import Client

folder, collection, url = sys.argv[1:]
files = sorted(str(path) for path in pathlib.Path(folder).resolve().glob("*.warc.gz"))

# As `warcio check` does.
checker = Checker(type("Arguments", (), {"inputs": files, "verbose": True}))
checker.process_all()
assert checker.exit_value == 0, "warcio check"

types = collections.Counter()
for file in files:
    with open(file, "rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.any_type, parse_http=False):
            types[record.headers["WARC-Type"]] += 1
            assert record.verify_block_digest(), record.headers["WARC-Record-ID"]

os.chdir(collection)
wb_manager(["init", "news"])
wb_manager(["add", "news", *files])
answer = Client(FrontEndApp()).get(f"/news/mp_/{url}", follow_redirects=True)
page = answer.get_data()
if page.startswith(b"\x1f\x8b"):
    page = gzip.decompress(page)
print(json.dumps({"types": types, "status": answer.status_code, "page": page.decode()}))
