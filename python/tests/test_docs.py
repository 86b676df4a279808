"""The examples of the documentation, run."""

import doctest
import inspect
import pathlib

import newsprint
import newsprint._newsprint
import pytest


def examples():
    modules = [newsprint, newsprint._newsprint]
    finder, parser = doctest.DocTestFinder(), doctest.DocTestParser()
    yield from (it for it in finder.find(newsprint, "newsprint") if it.examples)
    for module in modules[1:]:
        for name, value in vars(module).items():
            members = [(name, value)]
            if inspect.isclass(value):
                members += [(f"{name}.{it}", member) for it, member in vars(value).items()]
            for place, member in members:
                test = parser.get_doctest(getattr(member, "__doc__", None) or "", {}, place, None, 0)
                if test.examples:
                    yield test


@pytest.mark.parametrize("test", list(examples()), ids=lambda it: it.name)
def test_example(test):
    if "pyarrow" in test.docstring:
        pytest.importorskip("pyarrow")
    test.globs.update(newsprint=newsprint)
    assert doctest.DocTestRunner().run(test).failed == 0


def test_everything_public_is_described():
    for name in newsprint.__all__:
        value = getattr(newsprint, name)
        if name.startswith("_"):
            continue
        assert value.__doc__, name
        if inspect.isclass(value) and value.__module__ == "newsprint":
            undescribed = [it for it in vars(value) if not it.startswith("_") and not getattr(value, it).__doc__]
            assert not undescribed, (name, undescribed)


def test_the_examples_of_the_readme():
    pytest.importorskip("pyarrow")
    readme = pathlib.Path(__file__).resolve().parents[1] / "README.md"
    flags = doctest.NORMALIZE_WHITESPACE
    assert doctest.testfile(str(readme), module_relative=False, optionflags=flags).failed == 0
