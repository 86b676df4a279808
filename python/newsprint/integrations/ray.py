"""Functions for Ray Data: `Newsprint` over pages, `NewsprintWarc` over paths of WARC files.

>>> import ray
>>> from newsprint.integrations.ray import Newsprint
>>> pages = ray.data.read_parquet("pages")  # with a column `html`, and perhaps `url`
>>> articles = pages.map_batches(Newsprint, batch_format="pyarrow", concurrency=2)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from .. import Extractor
from ._needs import need
from ._warc import records_of

need("pyarrow", "ray")

if TYPE_CHECKING:
    import pyarrow


class Newsprint:
    """Extracts the pages of each batch, row for row: see `newsprint.Extractor.extract_batch` for the columns.

    Args:
        keep: columns that are passed through
        **options: the options of `newsprint.Extractor`
    """

    def __init__(self, keep: Sequence[str] = (), **options: Any):
        self.extractor, self.keep = Extractor(**options), list(keep)

    def __call__(self, batch: pyarrow.Table) -> pyarrow.Table:
        """Ray runs as many of these as there are processors; each uses one thread."""
        return self.extractor.extract_batch(batch, threads=1, keep=self.keep)


class NewsprintWarc:
    """Reads the WARC files that column `path` names, and extracts their pages. Yields a batch of records at a time, so
    that memory is bounded whatever a file's size.

    >>> paths = ray.data.from_items([{"path": path} for path in ["a.warc.gz", "b.warc.gz"]])
    >>> articles = paths.map_batches(NewsprintWarc, batch_format="pyarrow", batch_size=1, concurrency=2)

    Args:
        column: the column with the paths
        rows: the most rows of a batch
        **options: the options of `newsprint.Extractor`
    """

    def __init__(self, column: str = "path", rows: int = 256, **options: Any):
        self.extractor, self.column, self.rows = Extractor(**options), column, rows

    def __call__(self, batch: pyarrow.Table) -> Iterator[pyarrow.Table]:
        """The records of the files of a batch."""
        import pyarrow

        for records in records_of(batch.column(self.column).to_pylist(), self.extractor, rows=self.rows):
            yield pyarrow.Table.from_batches([records])
