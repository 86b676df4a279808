import gzip
import io

import newsprint
import pytest
from pages import FERRY, FERRY_URL, response, warc_records, write_warcs


def test_a_path_and_a_file_give_the_same(tmp_path):
    (path,) = write_warcs(tmp_path, 60, 1)
    with open(path, "rb") as file:
        from_file = list(newsprint.read_warc(file))
    from_path = list(newsprint.read_warc(path))
    assert len(from_path) > 30
    assert list(map(str, from_path)) == list(map(str, from_file)) == list(map(str, newsprint.read_warc(tmp_path / path)))


def test_pages_know_where_they_come_from():
    file = io.BytesIO(response(FERRY_URL, FERRY.encode(), "Content-Type: text/html; charset=utf-8"))
    (page,) = newsprint.read_warc(file, name="a.warc")
    assert (page.url, page.status, page.html) == (FERRY_URL, 200, FERRY.encode())
    assert page.content_type == "text/html; charset=utf-8"
    assert (page.fetched_at, page.name) == ("2026-03-01T12:00:00Z", f"a.warc#{FERRY_URL}")
    article = newsprint.extract(page)
    assert (article.url, article.status, article.source) == (FERRY_URL, 200, page.name)
    assert article.fetched_at == page.fetched_at and article.title == "Ferry returns"


def test_damaged_records_are_errors_among_the_pages(tmp_path):
    (path,) = write_warcs(tmp_path, 60, 1)
    items = list(newsprint.read_warc(path))
    errors = [it for it in items if isinstance(it, newsprint.NewsprintError)]
    assert errors and all(path in str(it) for it in errors)
    assert any(isinstance(it, newsprint.Page) for it in items[items.index(errors[0]) :])


def test_a_file_that_ends_early_gives_what_it_has():
    whole = gzip.compress(b"".join(warc_records(10)))
    items = list(newsprint.read_warc(io.BytesIO(whole[: len(whole) // 2])))
    assert isinstance(items[0], newsprint.Page)


def test_a_missing_file_is_a_missing_file(tmp_path):
    with pytest.raises(FileNotFoundError) as raised:
        newsprint.read_warc(tmp_path / "none.warc")
    assert raised.value.filename == str(tmp_path / "none.warc")


def test_a_file_in_text_mode_is_refused():
    with pytest.raises(TypeError, match="binary mode"):
        list(newsprint.read_warc(io.StringIO("WARC/1.0")))


def test_what_a_file_raises_is_raised():
    class Broken(io.RawIOBase):
        def read(self, size=-1):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(newsprint.read_warc(Broken()))


def test_a_page_that_is_too_large_is_an_error():
    file = io.BytesIO(response(FERRY_URL, FERRY.encode(), "Content-Type: text/html"))
    (error,) = newsprint.read_warc(file, max_bytes=100)
    assert isinstance(error, newsprint.NewsprintError) and "larger than 100 bytes" in str(error)
