import datetime
import os
import signal
import threading

import newsprint
import pytest
from pages import FERRY, FERRY_URL, HANGS, PANICS, fixtures

pa = pytest.importorskip("pyarrow")

HTML_TYPES = [pa.binary(), pa.large_binary(), pa.binary_view(), pa.string(), pa.large_string(), pa.string_view()]


def batch(**columns):
    return pa.RecordBatch.from_pydict(columns)


def test_one_row_a_row_in_order():
    pages = list(fixtures())
    given = batch(html=[page for _, page in pages], url=[url for url, _ in pages])
    records = newsprint.extract_batch(given, threads=3)
    assert isinstance(records, pa.RecordBatch)
    assert records.schema.names[:3] == ["verdict", "error", "id"]
    articles = [newsprint.extract(page, url) for url, page in pages]
    for name in ("title", "text", "authors", "published", "quality", "rights", "warnings", "verdict"):
        assert records.column(name).to_pylist() == [getattr(it, name) for it in articles], name
    assert records.column("error").null_count == len(pages)
    records.validate(full=True)


@pytest.mark.parametrize("kind", HTML_TYPES, ids=str)
def test_pages_of_any_type_are_read(kind):
    given = pa.RecordBatch.from_arrays([pa.array([FERRY, None, FERRY]).cast(pa.binary()).cast(kind)], ["html"])
    records = newsprint.extract_batch(given)
    assert records.column("title").to_pylist() == ["Ferry returns", None, "Ferry returns"]
    assert records.column("error").to_pylist() == [None, "there is no page: it is null", None]
    assert records.column("verdict").to_pylist() == ["article", None, "article"]


def test_other_columns_say_what_is_known_of_a_page():
    at = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.timezone.utc)
    given = batch(
        html=[FERRY.replace("brass", "bräß").encode("latin-1")] * 2,
        url=[FERRY_URL, "no address"],
        content_type=["text/html; charset=iso-8859-1", None],
        fetched_at=[at, None],
        status=[200, 70000],
        source=["a.warc#1", None],
        x_robots_tag=["noai", None],
        tdm_reservation=["1", None],
        content_signal=["ai-train=no", None],
        warnings=[["truncated", "odd"], None],
    )
    first, second = newsprint.extract_batch(given).to_pylist()
    assert "bräß" in first["text"]
    assert (first["url"], first["fetched_at"], first["status"]) == (FERRY_URL, "2026-03-01T12:00:00Z", 200)
    assert (first["fetched_timestamp"], first["source"]) == (at, "a.warc#1")
    assert first["warnings"][-2:] == ["truncated", "odd"] and second["warnings"] == ["charset_guessed"]
    assert (first["rights"]["robots_meta"], first["rights"]["tdm_reservation"]) == ("noai", "1")
    assert first["rights"]["content_signal"] == "ai-train=no"
    assert (second["url"], second["fetched_at"], second["status"], second["verdict"]) == (None, None, None, "article")


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_times_of_any_unit_are_read(unit):
    at = pa.array([datetime.datetime(2026, 3, 1, 12)], pa.timestamp(unit))
    given = pa.RecordBatch.from_arrays([pa.array([FERRY]), at], ["html", "fetched_at"])
    assert newsprint.extract_batch(given).column("fetched_at").to_pylist() == ["2026-03-01T12:00:00Z"]


@pytest.mark.parametrize("kind", [pa.int16(), pa.int32(), pa.uint16(), pa.uint64(), pa.int64(), pa.null()], ids=str)
def test_a_status_of_any_type_is_read(kind):
    status = pa.nulls(1) if kind == pa.null() else pa.array([204], kind)
    given = pa.RecordBatch.from_arrays([pa.array([FERRY]), status], ["html", "status"])
    expected = None if kind == pa.null() else 204
    assert newsprint.extract_batch(given).column("status").to_pylist() == [expected]


def test_a_page_that_could_not_be_read_keeps_its_error():
    given = batch(html=[None, FERRY], error=["a.warc: damaged", None])
    assert newsprint.extract_batch(given).column("error").to_pylist() == ["a.warc: damaged", None]


def test_columns_are_kept_on_request():
    given = batch(key=[7, 8], html=[FERRY, None], note=["a", None])
    records = newsprint.extract_batch(given, keep=["key", "note"])
    assert records.schema.names[:4] == ["key", "note", "verdict", "error"]
    assert records.column("key").to_pylist() == [7, 8] and records.column("note").to_pylist() == ["a", None]


def test_slices_give_their_own_rows():
    given = batch(html=[FERRY.replace("Monday", f"day {it}") for it in range(10)], key=list(range(10)))
    sliced = given.slice(3, 4)
    records = newsprint.extract_batch(sliced, keep=["key"])
    assert records.column("key").to_pylist() == [3, 4, 5, 6]
    assert all(f"day {key} " in text for key, text in zip(range(3, 7), records.column("text").to_pylist()))


def test_no_rows_give_the_columns():
    records = newsprint.extract_batch(batch(html=pa.array([], pa.binary())))
    full = newsprint.extract_batch(batch(html=[FERRY]))
    assert records.num_rows == 0 and records.schema == full.schema
    assert records.schema.metadata[b"newsprint.schema_version"] == b"1"
    empty = pa.schema([("html", pa.string())]).empty_table()
    assert newsprint.extract_batch(empty).num_rows == 0


def test_a_table_gives_a_table():
    table = pa.Table.from_batches([batch(html=[FERRY, FERRY]), batch(html=[None, FERRY]).slice(1)])
    records = newsprint.extract_batch(table)
    assert isinstance(records, pa.Table) and records.num_rows == 3
    assert set(records.column("title").to_pylist()) == {"Ferry returns"}


def test_a_page_that_fails_costs_its_own_row(faults, capfd):
    given = batch(html=[FERRY, PANICS, HANGS, FERRY, "x" * 2000])
    records = newsprint.extract_batch(given, timeout=0.2, max_bytes=1000)
    assert records.column("verdict").to_pylist() == ["article", None, None, "article", None]
    assert records.column("error").to_pylist() == [
        None,
        "newsprint crashed on this page; please report this bug",
        "the page took longer than `timeout` allows (0.2 seconds)",
        None,
        "the page has 2000 bytes, more than `max_bytes` allows (1000)",
    ]


@pytest.mark.parametrize(
    "given, error, text",
    [
        (lambda: batch(page=[FERRY]), newsprint.NewsprintError, "there is no column `html` with the pages; there are: page"),
        (lambda: batch(html=[3]), newsprint.NewsprintError, "column `html` is Int64; it must be binary or string"),
        (lambda: batch(html=[FERRY], url=[3]), newsprint.NewsprintError, "column `url` is Int64; it must be string"),
        (lambda: batch(html=[FERRY], status=["a"]), newsprint.NewsprintError, "column `status` is Utf8"),
        (lambda: batch(html=[FERRY], fetched_at=[3]), newsprint.NewsprintError, "column `fetched_at` is Int64"),
        (lambda: pa.array([1]), TypeError, "expected a record batch, not an array of Int64"),
        (lambda: [FERRY], TypeError, "expected a record batch or a table"),
        (lambda: {"html": [FERRY]}, TypeError, "expected a record batch or a table"),
    ],
)
def test_what_is_no_batch_of_pages_is_refused(given, error, text):
    with pytest.raises(error) as raised:
        newsprint.extract_batch(given())
    assert text in str(raised.value)


def test_a_column_to_keep_must_be_there_and_have_a_name_of_its_own():
    with pytest.raises(newsprint.NewsprintError, match="key"):
        newsprint.extract_batch(batch(html=[FERRY]), keep=["key"])
    with pytest.raises(newsprint.NewsprintError, match="the records have a column `url`, too"):
        newsprint.extract_batch(batch(html=[FERRY], url=[FERRY_URL]), keep=["url"])


def test_polars_and_duckdb_pass_their_own_frames():
    polars, duckdb = pytest.importorskip("polars"), pytest.importorskip("duckdb")
    frame = polars.DataFrame({"html": [FERRY, None], "url": [FERRY_URL, None]})
    records = newsprint.extract_batch(frame)
    assert isinstance(records, newsprint.Records) and len(records) == 2
    assert polars.DataFrame(records)["title"].to_list() == ["Ferry returns", None]
    relation = duckdb.sql("SELECT html, url FROM frame")
    records = newsprint.extract_batch(relation)
    table = pa.table(records)
    assert duckdb.sql("SELECT title FROM table WHERE verdict = 'article'".replace("table", '"table"')).fetchall() == [
        ("Ferry returns",)
    ]


def test_an_interrupt_ends_a_batch_between_pages(faults, request):
    given = batch(html=[HANGS] * 1000)
    # A process that was started in the background may have been told to ignore it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        newsprint.extract_batch(given, timeout=0.05, threads=2)
    timer.join()


def test_more_rows_than_threads_and_fewer():
    for threads in (0, 1, 2, 64):
        assert newsprint.extract_batch(batch(html=[FERRY] * 5), threads=threads).num_rows == 5
