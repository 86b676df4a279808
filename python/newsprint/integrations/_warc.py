"""WARC files as record batches of pages, which all engines share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from .. import Extractor, NewsprintError, Page, read_warc

if TYPE_CHECKING:
    import pyarrow

# The bytes of pages of one batch: few enough for any engine, and many enough to be worth a call.
BATCH_BYTES = 16 << 20


def records_of(
    paths: Iterable[str], extractor: Extractor, *, rows: int = 256, threads: int = 1, max_bytes: int = 20 << 20
) -> Iterator[pyarrow.RecordBatch]:
    """The records of all pages of these files, a batch of at most ``rows`` at a time, in the order of the pages.

    A record that cannot be read, and a file that cannot be opened, is a row with an ``error``.
    """
    for items in batches(pages(paths, max_bytes), rows):
        yield extractor.extract_batch(as_columns(items), threads=threads)


def pages(paths: Iterable[str], max_bytes: int) -> Iterator[Page | NewsprintError]:
    """The pages of these files, and the errors among them."""
    for path in paths:
        try:
            with opened(path) as file:
                yield from read_warc(file, name=path, max_bytes=max_bytes)
        except OSError as error:
            yield NewsprintError(f"{path}: {error}")


def opened(path: str) -> Any:
    """A local path as it is, and an address such as ``s3://`` by fsspec."""
    if "://" not in path:
        return nullcontext(path)
    from ._needs import need

    return need("fsspec", "spark").open(path, "rb")


def batches(items: Iterable[Page | NewsprintError], rows: int) -> Iterator[list[Page | NewsprintError]]:
    """The items in groups of bounded size."""
    group: list[Page | NewsprintError] = []
    size = 0
    for item in items:
        group.append(item)
        size += len(item.html) if isinstance(item, Page) else 0
        if len(group) >= rows or size >= BATCH_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def as_columns(items: list[Page | NewsprintError]) -> pyarrow.RecordBatch:
    """The columns that `extract_batch` reads."""
    import pyarrow

    def column(name: str, kind: Any) -> Any:
        return pyarrow.array([getattr(it, name, None) for it in items], kind)

    text = pyarrow.string()
    errors = [str(it) if isinstance(it, NewsprintError) else None for it in items]
    columns = {
        "html": column("html", pyarrow.large_binary()),
        "url": column("url", text),
        "content_type": column("content_type", text),
        "fetched_at": column("fetched_at", text),
        "status": column("status", pyarrow.int32()),
        "source": column("name", text),
        "x_robots_tag": column("x_robots_tag", text),
        "tdm_reservation": column("tdm_reservation", text),
        "content_signal": column("content_signal", text),
        "content_usage": column("content_usage", text),
        "warnings": column("warnings", pyarrow.list_(text)),
        "error": pyarrow.array(errors, text),
    }
    return pyarrow.RecordBatch.from_pydict(columns)


def schema() -> pyarrow.Schema:
    """The columns of the records."""
    return Extractor().extract_batch(as_columns([])).schema
