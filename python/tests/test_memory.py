"""100,000 extractions in one process: memory does not grow."""

import newsprint
import pytest
from pages import fixtures


def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096


def test_memory_stays_flat():
    if not __debug__:
        pytest.skip("needs assertions")
    pages = [(url, page) for url, page in fixtures() if len(page) < 20_000]
    extractor = newsprint.Extractor(markdown=True, blocks=True)

    def extract(count):
        for number in range(count):
            url, page = pages[number % len(pages)]
            extractor.extract(page, f"{url}?{number}").to_dict()

    extract(10_000)
    before = resident()
    extract(90_000)
    grown = resident() - before
    assert grown < 8 << 20, f"{grown >> 20} MiB more than after 10,000 pages"
