"""Reads articles.parquet by three programs and articles.csv by a fourth, and compares every row with articles.jsonl."""
import csv
import datetime
import json

import duckdb
import polars
import pyarrow.parquet

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
INSTANTS = {"published_timestamp": "published", "modified_timestamp": "modified", "fetched_timestamp": "fetched_at"}
DAYS = {"published_date": "published", "modified_date": "modified"}


def micros(instant):
    return instant and (instant - EPOCH) // datetime.timedelta(microseconds=1)


def expected(record, column):
    if column in INSTANTS:
        stated = record[INSTANTS[column]]
        instant = stated and datetime.datetime.fromisoformat(stated)
        return micros(instant) if instant and instant.tzinfo else None
    if column in DAYS:
        stated = record[DAYS[column]]
        return stated and datetime.date.fromisoformat(stated[:10])
    return record.get(column)


def by_pyarrow():
    table = pyarrow.parquet.read_table("articles.parquet")
    assert table.schema.metadata[b"newsprint.schema_version"] == b"1"
    assert table.schema.field("title").metadata[b"description"]
    return table.to_pylist()


def by_duckdb():
    instants = ", ".join(f"epoch_us({it}) AS {it}" for it in INSTANTS)
    found = duckdb.sql(f"SELECT * REPLACE ({instants}) FROM 'articles.parquet'")
    return [dict(zip(found.columns, row)) for row in found.fetchall()]


records = [json.loads(line) for line in open("articles.jsonl", encoding="utf-8")]
assert len(records) >= 19
for read in (by_pyarrow, by_duckdb, lambda: polars.read_parquet("articles.parquet").to_dicts()):
    rows = read()
    assert len(rows) == len(records)
    for record, row in zip(records, rows):
        assert set(record) <= set(row)
        for column, value in row.items():
            value = micros(value) if isinstance(value, datetime.datetime) else value
            assert value == expected(record, column), (column, value, record)

text = open("articles.csv", encoding="utf-8", newline="").read()
assert text.startswith("\ufeffid,")
rows = list(csv.DictReader(text[1:].splitlines(keepends=True), strict=True))
assert len(rows) == len(records)
for record, row in zip(records, rows):
    assert row["text"].lstrip("'") == record["text"].lstrip("'")
    assert row["authors"] == "; ".join(record["authors"])
    assert row["published"] == (record["published"] or "")
print(len(records), "articles")
