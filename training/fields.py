#!/usr/bin/env python3
"""The table of fields in docs/evaluation.md, from predictions (standard library only).

usage: fields.py PAGES_DIR PREDICTIONS.jsonl [PAGES_DIR PREDICTIONS.jsonl]... [--worst FIELD]

PAGES_DIR holds pages.jsonl: a page a line with `id`, `set` and, where known, `type`, `title`, `authors` (a list)
and `date` (with `date_slack`, days that it may be off). PREDICTIONS are records of newsprint
(`newsprint extract PAGES_DIR/html --any-kind --format jsonl`); `source` names the page. Pages of a `type` other
than `article` are left out.

Prints a row for each set, and for each field two columns:
  right   share of the pages whose gold has the field where the record has the same: title: the same words;
          authors: exactly the same set of names; date: the same day
  stated though the gold has another or none   two numbers of records, and how many state the field at all

A gold without the field often means that nobody looked for it, so the two numbers are not added up.
--worst FIELD lists the pages that state it wrongly: id, gold, value.
"""
import argparse
import collections
import datetime
import json
import pathlib
import re
import unicodedata

FIELDS = ("title", "authors", "date")
WORD = re.compile(r"\w+")


def plain(text):
    return " ".join(WORD.findall(unicodedata.normalize("NFKC", text or "").lower()))


def names(value):
    """The set of names, given as a list or joined by comma, semicolon, ampersand or 'and'."""
    value = value if isinstance(value, list) else [value] if value else []
    return {plain(name) for joined in value for name in re.split(r"[,;&]|\band\b", joined) if plain(name)}


def same_day(gold, got, slack):
    if gold[:10] == got[:10] or not slack:
        return gold[:10] == got[:10]
    try:
        days = datetime.date.fromisoformat(gold[:10]) - datetime.date.fromisoformat(got[:10])
    except ValueError:
        return False
    return abs(days.days) <= slack


def is_right(field, page, value):
    if field == "title":
        return plain(page["title"]) == plain(value)
    if field == "authors":
        return names(page["authors"]) == names(value)
    return same_day(page["date"], value, page.get("date_slack") or 0)


def read(folder, predictions):
    """The pages of articles, each with its record or None."""
    records = {}
    for line in open(predictions, encoding="utf-8"):
        record = json.loads(line)
        name = (record.get("source") or record.get("id") or "").rsplit("/", 1)[-1]
        records[name.removesuffix(".gz").removesuffix(".html")] = record
    for line in open(pathlib.Path(folder) / "pages.jsonl", encoding="utf-8"):
        page = json.loads(line)
        if page.get("type") in (None, "article"):
            yield page, records.get(page["id"])


def value_of(record, field):
    return record and record.get("published" if field == "date" else field) or None


class Cell:
    def __init__(self):
        self.gold = self.right = self.stated = self.other = self.none = 0

    def add(self, field, page, value):
        has_gold, is_stated = bool(page.get(field)), value is not None
        right = has_gold and is_stated and is_right(field, page, value)
        self.gold += has_gold
        self.right += right
        self.stated += is_stated
        self.other += has_gold and is_stated and not right
        self.none += is_stated and not has_gold
        return right

    def show(self):
        if not self.gold:
            return " – | – |"
        return f" {self.right / self.gold:.3f} | {self.other} + {self.none} of {self.stated} |"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("pairs", nargs="+", metavar="PAGES_DIR PREDICTIONS.jsonl")
    arguments.add_argument("--worst", choices=FIELDS)
    given = arguments.parse_args()
    if len(given.pairs) % 2:
        arguments.error("each folder of pages needs a file of predictions")
    cells = collections.defaultdict(Cell)
    sets = {}
    for folder, predictions in zip(given.pairs[::2], given.pairs[1::2]):
        for page, record in read(folder, predictions):
            sets[page["set"]] = True
            for field in FIELDS:
                value = value_of(record, field)
                right = cells[field, page["set"]].add(field, page, value)
                if field == given.worst and value is not None and not right:
                    print(page["id"], json.dumps([page.get(field), value], ensure_ascii=False), sep="\t")
    if given.worst:
        return
    print("| set |" + "".join(f" {field} | stated though the gold has another + none |" for field in FIELDS))
    print("| --- |" + " --- | --- |" * len(FIELDS))
    for name in sets:
        row = [cells[field, name] for field in FIELDS]
        if any(cell.gold for cell in row):
            print(f"| {name} |" + "".join(cell.show() for cell in row))


if __name__ == "__main__":
    main()
