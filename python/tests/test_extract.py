import copy
import datetime
import json
import pickle
import threading

import newsprint
import pytest
from pages import FERRY, FERRY_URL, HANGS, PANICS, fixtures


def test_a_page_gives_its_article():
    article = newsprint.extract(FERRY, FERRY_URL)
    assert article.is_article and article.verdict == "article" and article.kind == "article"
    assert article.title == "Ferry returns"
    assert article.text.startswith("The night ferry sailed again") and "Home" not in article.text
    assert (article.word_count, article.language, article.url) == (36, "en", FERRY_URL)
    assert article.authors == [] and article.markdown is None and article.images is None
    assert repr(article) == 'Article("Ferry returns", verdict="article", word_count=36)'


def test_every_field_of_the_record_is_an_attribute():
    options = dict(markdown=True, html=True, blocks=True, images=True, links=True)
    for url, page in fixtures():
        article = newsprint.extract(page, url, **options)
        record = article.to_dict()
        assert list(record) == list(json.loads(article.to_json()))
        assert record == json.loads(article.to_json())
        for name, value in record.items():
            assert getattr(article, name) == value, (url, name)


def test_bytes_and_text_in_any_form_give_the_same():
    expected = newsprint.extract(FERRY.encode(), FERRY_URL)
    for page in (FERRY, bytearray(FERRY.encode()), memoryview(FERRY.encode())):
        assert newsprint.extract(page, FERRY_URL).text == expected.text


def test_text_is_unicode_whatever_its_meta_says():
    page = FERRY.replace("<title>", "<meta charset=koi8-r><title>").replace("brass", "bräß")
    assert "bräß band" in newsprint.extract(page).text


def test_bytes_are_read_in_the_encoding_of_their_header():
    page = FERRY.replace("brass", "bräß").encode("latin-1")
    assert "bräß band" in newsprint.extract(page, content_type="text/html; charset=iso-8859-1").text


def test_lone_surrogates_are_replaced_and_pairs_joined():
    article = newsprint.extract(FERRY.replace("brass", "\udfff \ud83c\udf33 \ud83c"))
    assert "\ufffd 🌳 \ufffd band" in article.text


def test_what_is_said_of_the_page_is_in_the_record():
    at = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.timezone.utc)
    article = newsprint.extract(FERRY, fetched_at=at, status=203, source="a.html")
    assert (article.fetched_at, article.status, article.source) == ("2026-03-01T12:00:00+00:00", 203, "a.html")


@pytest.mark.parametrize(
    "arguments, options, error, text",
    [
        ((3,), {}, TypeError, "a page is bytes, a str or a newsprint.Page, not int"),
        ((FERRY, "/ferry"), {}, newsprint.NewsprintError, "`url` is not a full address such as https://"),
        ((FERRY, "\ud800"), {}, Exception, "surrogates"),
        ((FERRY,), {"markdwn": True}, TypeError, "there is no option `markdwn`; there are: include, markdown"),
        ((FERRY,), {"markdown": "yes"}, TypeError, "`markdown`: "),
        ((FERRY,), {"include": ["paragraf"]}, newsprint.NewsprintError, "there is no role `paragraf`"),
        ((FERRY,), {"limits": {"node": 1}}, TypeError, "there is no option `node`; there are: parse_steps, nesting"),
        ((FERRY,), {"timeout": -1}, newsprint.NewsprintError, "`timeout` is a number of seconds"),
        ((FERRY,), {"timeout": float("nan")}, newsprint.NewsprintError, "`timeout` is a number of seconds"),
        ((FERRY,), {"max_bytes": 10}, newsprint.NewsprintError, "more than `max_bytes` allows (10)"),
        ((FERRY,), {"fetched_at": "yesterday"}, newsprint.NewsprintError, "`fetched_at` is a time with its zone"),
        ((FERRY,), {"fetched_at": datetime.datetime(2026, 1, 1)}, newsprint.NewsprintError, "with its zone"),
        ((FERRY,), {"status": -1}, Exception, "`status`: "),
    ],
)
def test_bad_arguments_are_named(arguments, options, error, text):
    with pytest.raises(error) as raised:
        newsprint.extract(*arguments, **options)
    assert text in str(raised.value)


def test_errors_are_value_errors():
    assert issubclass(newsprint.NewsprintError, ValueError)
    assert issubclass(newsprint.ExtractionTimeout, newsprint.NewsprintError)


def test_options_change_the_record():
    page = FERRY.replace("</article>", "<p>See <a href=/tides>the tides</a>.<img src=a.png></article>")
    article = newsprint.extract(page, FERRY_URL, markdown=True, html=True, images=True, links=True, blocks=True)
    assert "[the tides](https://harbour.example/tides)" in article.markdown
    assert article.html.startswith("<p>")
    assert article.links == [{"href": "https://harbour.example/tides", "text": "the tides"}]
    assert article.images[0]["src"] == "https://harbour.example/2026/03/a.png"
    assert any(block["dropped"] for block in article.blocks)
    others = [it for it in fixtures() if not newsprint.extract(it[1], it[0]).is_article]
    assert not any(newsprint.extract(page, url).text for url, page in others)
    assert any(newsprint.extract(page, url, any_kind=True).text for url, page in others)
    assert newsprint.extract(FERRY, include=["heading"]).text == ""
    assert newsprint.extract(page, limits={"nodes": 5}).warnings == ["truncated"]


def test_no_time_is_too_little_time():
    with pytest.raises(newsprint.ExtractionTimeout) as raised:
        newsprint.extract(FERRY, timeout=0)
    assert str(raised.value) == "the page took longer than `timeout` allows (0 seconds)"
    assert newsprint.extract(FERRY, timeout=None) == newsprint.extract(FERRY, timeout=1e300)


def test_a_page_without_end_ends_in_native_code(faults):
    with pytest.raises(newsprint.ExtractionTimeout):
        newsprint.extract(HANGS, timeout=0.01)


def test_a_panic_is_an_exception(faults, capfd):
    with pytest.raises(newsprint.NewsprintError, match="newsprint crashed on this page; please report this bug"):
        newsprint.extract(PANICS)
    assert newsprint.extract(FERRY).is_article


def test_articles_compare_hash_copy_and_pickle():
    for url, page in fixtures():
        article = newsprint.extract(page, url, markdown=True, blocks=True)
        for other in (newsprint.extract(page, url, markdown=True, blocks=True), pickle.loads(pickle.dumps(article))):
            assert other == article and hash(other) == hash(article)
            assert (other.to_json(), other.why, other.note) == (article.to_json(), article.why, article.note)
        assert copy.copy(article) == article != newsprint.extract(FERRY)


def test_an_extractor_keeps_its_options_when_it_is_pickled():
    extractor = newsprint.Extractor(markdown=True, include=["+caption"], timeout=None)
    other = pickle.loads(pickle.dumps(extractor))
    assert repr(other) == repr(extractor) == "Extractor(markdown=True, include=['+caption'], timeout=None)"
    assert other.extract(FERRY).markdown


def test_explain_gives_the_reasons():
    report = newsprint.explain(FERRY, FERRY_URL)
    assert report["verdict"] == "article"
    assert {"fields", "blocks", "why", "quality"} <= set(report)
    assert [it["kept"] for it in report["blocks"] if "Home" in it["text"]] == [False]


def test_the_interpreter_goes_on_while_a_page_is_extracted(faults):
    """A thread that holds the GIL would keep the other from ever stopping it."""
    ended = threading.Event()

    def hang():
        with pytest.raises(newsprint.ExtractionTimeout):
            newsprint.extract(HANGS, timeout=0.3)
        ended.set()

    thread = threading.Thread(target=hang)
    thread.start()
    turns = 0
    while not ended.is_set():
        turns += 1
    thread.join()
    assert turns > 100


def test_one_extractor_serves_many_threads():
    extractor = newsprint.Extractor(markdown=True)
    pages = list(fixtures())[:20]
    expected = [extractor.extract(page, url) for url, page in pages]
    found = {}

    def work(name):
        found[name] = [extractor.extract(page, url) for url, page in pages]

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(found[name] == expected for name in range(4))
