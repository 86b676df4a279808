"""Clean article text from news pages.

>>> import newsprint
>>> html = '''<html lang="en"><head><title>Ferry returns - The Harbour Post</title></head><body>
... <nav><a href="/">Home</a> <a href="/news">News</a></nav>
... <article><h1>Ferry returns</h1>
... <p>The night ferry sailed again on Monday after eleven years in dock, with four hundred
... passengers and a brass band on board.</p>
... <p>It will cross twice a week until the ice comes, the harbour office said.</p></article>
... </body></html>'''
>>> article = newsprint.extract(html, "https://harbour.example/2026/03/ferry")
>>> article.verdict, article.title, article.word_count
('article', 'Ferry returns', 36)
>>> article.text.split("\\n\\n")[1]
'It will cross twice a week until the ice comes, the harbour office said.'

An `Extractor` is made once for many pages; `extract_batch` takes Arrow record batches; `read_warc` reads WARC files;
`newsprint.integrations` has steps for datatrove, Ray, Spark and NeMo Curator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._newsprint import (
    Article,
    ExtractionTimeout,
    Extractor,
    NewsprintError,
    Page,
    Records,
    WarcReader,
    __version__,
    read_warc,
)

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from typing_extensions import Unpack

    from ._newsprint import Html, Options

__all__ = [
    "Article",
    "ExtractionTimeout",
    "Extractor",
    "NewsprintError",
    "Page",
    "Records",
    "WarcReader",
    "__version__",
    "explain",
    "extract",
    "extract_batch",
    "read_warc",
]


def extract(
    html: Html,
    /,
    url: str | None = None,
    *,
    content_type: str | None = None,
    fetched_at: datetime.datetime | str | None = None,
    status: int | None = None,
    source: str | None = None,
    x_robots_tag: str | None = None,
    tdm_reservation: str | None = None,
    content_signal: str | None = None,
    content_usage: str | None = None,
    **options: Unpack[Options],
) -> Article:
    """Extracts one page: ``Extractor(**options).extract(html, url, ...)``.

    >>> newsprint.extract(b"<h1>Limes</h1>", any_kind=True).title
    'Limes'

    Surrogates in a ``str`` are joined to the characters they stand for; a lone one becomes U+FFFD.

    >>> newsprint.extract("<h1>Limes \\ud83c\\udf33 for the quay</h1>").title
    'Limes 🌳 for the quay'
    """
    about: dict[str, Any] = {
        "content_type": content_type,
        "fetched_at": fetched_at,
        "status": status,
        "source": source,
        "x_robots_tag": x_robots_tag,
        "tdm_reservation": tdm_reservation,
        "content_signal": content_signal,
        "content_usage": content_usage,
    }
    return Extractor(**options).extract(html, url, **about)


def explain(html: Html, /, url: str | None = None, **options: Any) -> dict[str, Any]:
    """Why the record of a page is what it is; takes what :func:`extract` takes.

    >>> report = newsprint.explain("<h1>Limes</h1><p>Soon in flower.</p>")
    >>> report["verdict"], report["blocks"][0]["text"]
    ('empty', 'Limes')
    """
    names = (
        "content_type",
        "fetched_at",
        "status",
        "source",
        "x_robots_tag",
        "tdm_reservation",
        "content_signal",
        "content_usage",
    )
    about = {name: options.pop(name) for name in names if name in options}
    return Extractor(**options).explain(html, url, **about)


def extract_batch(
    batch: Any,
    *,
    threads: int | None = None,
    keep: Sequence[str] = (),
    **options: Unpack[Options],
) -> Any:
    """Extracts the pages of a record batch or a table, row for row; see :meth:`Extractor.extract_batch`.

    >>> import pyarrow
    >>> pages = pyarrow.RecordBatch.from_pydict({
    ...     "html": ["<h1>Limes</h1>", None],
    ...     "url": ["https://harbour.example/limes", None],
    ... })
    >>> records = newsprint.extract_batch(pages)
    >>> records.column("title").to_pylist(), records.column("error").to_pylist()
    (['Limes', None], [None, 'there is no page: it is null'])
    """
    return Extractor(**options).extract_batch(batch, threads=threads, keep=list(keep))
