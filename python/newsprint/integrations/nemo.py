"""Classes of NeMo Curator's interfaces: an algorithm for its Common Crawl pipeline, and an extractor of its own.

    from nemo_curator.stages.text.download import CommonCrawlDownloadExtractStage
    from newsprint.integrations.nemo import NewsprintAlgorithm

    stage = CommonCrawlDownloadExtractStage("2026-10", "2026-14", "warcs", html_extraction=NewsprintAlgorithm())
"""

from __future__ import annotations

from typing import Any

from .. import Extractor, NewsprintError
from ._needs import need

need("nemo_curator", "nemo")

from nemo_curator.stages.text.download import DocumentExtractor  # noqa: E402
from nemo_curator.stages.text.download.html_extractors import HTMLExtractorAlgorithm  # noqa: E402


class NewsprintAlgorithm(HTMLExtractorAlgorithm):
    """For `CommonCrawlHTMLExtractor` and the stages that use it, in place of `justext` or `trafilatura`.

    Args:
        **options: the options of `newsprint.Extractor`
    """

    def __init__(self, **options: Any):
        self.extractor = Extractor(**options)

    def extract_text(self, html: str, stop_words: frozenset[str], language: str) -> list[str] | None:
        """The paragraphs of the article, or None. Stop words are not needed."""
        try:
            text = self.extractor.extract(html).text
        except NewsprintError:
            return None
        return text.split("\n\n") if text else None


class NewsprintExtractor(DocumentExtractor):
    """For records with `content` as bytes: dates, links and the verdict are better with the address, which the
    algorithm above does not see.

    Args:
        **options: the options of `newsprint.Extractor`
    """

    def __init__(self, **options: Any):
        super().__init__()
        self.extractor = Extractor(**options)

    def extract(self, record: dict[str, Any]) -> dict[str, Any] | None:
        """The columns of an article, or None."""
        if not record.get("content"):
            return None
        try:
            article = self.extractor.extract(record["content"], record.get("url"))
        except NewsprintError:
            return None
        if not article.text:
            return None
        own = {name: record.get(name) for name in ("url", "warc_id", "source_id")}
        return own | {name: getattr(article, name) for name in self.output_columns() if name not in own}

    def input_columns(self) -> list[str]:
        """What a record must have."""
        return ["url", "warc_id", "source_id", "content"]

    def output_columns(self) -> list[str]:
        """What a record of an article has."""
        return ["url", "warc_id", "source_id", "language", "title", "authors", "published", "text"]
