"""Steps for datatrove: an extractor, and a reader of WARC files.

>>> from datatrove.executor import LocalPipelineExecutor
>>> from datatrove.pipeline.readers import WarcReader
>>> from datatrove.pipeline.writers import JsonlWriter
>>> from newsprint.integrations.datatrove import Newsprint
>>> executor = LocalPipelineExecutor(
...     pipeline=[WarcReader("warcs"), Newsprint(), JsonlWriter("articles")], tasks=8, workers=2
... )
"""

from __future__ import annotations

from typing import Any

from .. import Article, ExtractionTimeout, Extractor, NewsprintError, Page, read_warc
from ._needs import need

need("datatrove", "datatrove")

from datatrove.data import Document, DocumentsPipeline  # noqa: E402
from datatrove.pipeline.extractors.base import BaseExtractor  # noqa: E402
from datatrove.pipeline.readers.base import BaseDiskReader  # noqa: E402
from datatrove.utils.logging import logger  # noqa: E402
from datatrove.utils.typeshelper import StatHints  # noqa: E402


def record_of(article: Article) -> dict[str, Any]:
    """The record without its text, which is the document's."""
    record = article.to_dict()
    del record["text"]
    return record


class Newsprint(BaseExtractor):
    """Replaces the HTML of each document by the article's text; documents without an article are dropped.

    It runs in the process of the pipeline: a page that takes too long or crashes is skipped and counted, as
    ``timeout`` and ``clean_error``, without a process of its own.

    Args:
        timeout: seconds for one document
        url_key: where the document's metadata holds its address
        date_key: where the document's metadata holds when it was fetched
        record_key: where the record goes in the document's metadata; None leaves it out
        **options: the options of `newsprint.Extractor`
    """

    name = "📰 Newsprint"
    _requires_dependencies = ["newsprint"]

    def __init__(
        self,
        timeout: float = 10,
        url_key: str = "url",
        date_key: str = "date",
        record_key: str | None = "record",
        **options: Any,
    ):
        super().__init__(timeout)
        self.extractor = Extractor(timeout=timeout, **options)
        self.url_key, self.date_key, self.record_key = url_key, date_key, record_key

    def extract(self, text: str) -> str:
        """The text of a page."""
        return self.extractor.extract(text).text

    def article(self, document: Document) -> Article:
        """The article of a document."""
        url, date = document.metadata.get(self.url_key), document.metadata.get(self.date_key)
        try:
            return self.extractor.extract(document.text, url, fetched_at=date)
        except ExtractionTimeout:
            raise
        except NewsprintError:
            # An address or a date that is none is as good as unknown.
            return self.extractor.extract(document.text)

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:
        """Extracts each document."""
        for document in data:
            self.stat_update(StatHints.total)
            with self.track_time():
                try:
                    article = self.article(document)
                except ExtractionTimeout as error:
                    self.stat_update("timeout")
                    logger.warning(f"{document.id}: {error}")
                    continue
                except NewsprintError as error:
                    self.stat_update("clean_error")
                    logger.warning(f"{document.id}: {error}")
                    continue
                self.stat_update("extracted", article.verdict)
                document.text = article.text
                if self.record_key is not None:
                    document.metadata[self.record_key] = record_of(article)
            if document.text:
                self.stat_update(StatHints.forwarded)
                self.update_doc_stats(document)
                yield document
            else:
                self.stat_update(StatHints.dropped)


class NewsprintWarcReader(BaseDiskReader):
    """Reads WARC files and extracts their pages in one step: pages stay the bytes they came as, and nothing is decoded
    twice. Yields a document for each article; what is no article is counted by its verdict.

    Args:
        data_folder: a path or anything else that datatrove takes as one
        options: the options of `newsprint.Extractor`
        record_key: where the record goes in the document's metadata; None leaves it out
        **reader: the arguments of datatrove's `BaseDiskReader`
    """

    name = "📰 Newsprint WARC"
    _requires_dependencies = ["newsprint"]

    def __init__(
        self,
        data_folder: Any,
        options: dict[str, Any] | None = None,
        record_key: str | None = "record",
        **reader: Any,
    ):
        super().__init__(data_folder, **reader)
        self.extractor = Extractor(**(options or {}))
        self.record_key = record_key

    def read_file(self, filepath: str) -> DocumentsPipeline:
        """The articles of a file."""
        path = self.data_folder.resolve_paths(filepath)
        with self.data_folder.open(filepath, "rb") as file:
            for item in read_warc(file, name=path):
                with self.track_time():
                    document = self.document(item, filepath)
                if document:
                    yield document

    def document(self, item: Page | NewsprintError, filepath: str) -> Document | None:
        """The document of a page, if it is an article."""
        try:
            if isinstance(item, NewsprintError):
                raise item
            article = self.extractor.extract(item)
        except NewsprintError as error:
            self.stat_update("timeout" if isinstance(error, ExtractionTimeout) else "clean_error")
            logger.warning(str(error))
            return None
        self.stat_update(article.verdict)
        if not article.text:
            return None
        data: dict[str, Any] = {"text": article.text, "id": article.id, "url": article.url, "date": article.fetched_at}
        if self.record_key is not None:
            data[self.record_key] = record_of(article)
        return self.get_document_from_dict(data, filepath, article.id)
