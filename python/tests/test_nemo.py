"""The classes for NeMo Curator against its interfaces, which stand in for the package: that needs torch."""

import abc
import sys
import types

import newsprint
import pytest
from pages import FERRY, FERRY_URL, PANICS


class HTMLExtractorAlgorithm(abc.ABC):
    """As nemo_curator 1.4 has it."""

    @abc.abstractmethod
    def extract_text(self, html, stop_words, language): ...


class DocumentExtractor(abc.ABC):
    """As nemo_curator 1.4 has it."""

    @abc.abstractmethod
    def extract(self, record): ...

    @abc.abstractmethod
    def input_columns(self): ...

    @abc.abstractmethod
    def output_columns(self): ...


@pytest.fixture
def nemo(monkeypatch):
    download = "nemo_curator.stages.text.download"
    names = ["nemo_curator", "nemo_curator.stages", "nemo_curator.stages.text", download, f"{download}.html_extractors"]
    for name in names:
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    sys.modules[download].DocumentExtractor = DocumentExtractor
    sys.modules[names[-1]].HTMLExtractorAlgorithm = HTMLExtractorAlgorithm
    monkeypatch.delitem(sys.modules, "newsprint.integrations.nemo", raising=False)
    import newsprint.integrations.nemo as module

    yield module
    sys.modules.pop("newsprint.integrations.nemo", None)


def test_the_algorithm_gives_paragraphs(nemo, faults):
    algorithm = nemo.NewsprintAlgorithm()
    assert algorithm.extract_text(FERRY, frozenset(), "ENGLISH") == newsprint.extract(FERRY).text.split("\n\n")
    assert algorithm.extract_text("<p>", frozenset(), "ENGLISH") is None
    assert algorithm.extract_text(PANICS, frozenset(), "ENGLISH") is None


def test_the_extractor_gives_its_columns(nemo):
    extractor = nemo.NewsprintExtractor()
    record = {"url": FERRY_URL, "warc_id": "1", "source_id": "a.warc", "content": FERRY.encode()}
    found = extractor.extract(record)
    assert list(found) == extractor.output_columns()
    assert (found["url"], found["title"], found["language"]) == (FERRY_URL, "Ferry returns", "en")
    assert extractor.extract({**record, "content": b""}) is None
    assert extractor.extract({**record, "content": b"<p>"}) is None


@pytest.mark.parametrize("engine, needs", [("nemo", "nemo_curator"), ("ray", "pyarrow"), ("spark", "pyspark")])
def test_a_missing_engine_says_how_to_install_it(monkeypatch, engine, needs):
    monkeypatch.setitem(sys.modules, needs, None)
    monkeypatch.delitem(sys.modules, f"newsprint.integrations.{engine}", raising=False)
    with pytest.raises(ImportError, match=rf'pip install "newsprint\[{engine}\]"'):
        __import__(f"newsprint.integrations.{engine}")
