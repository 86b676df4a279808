import newsprint
import pytest
from pages import PANICS


@pytest.fixture(scope="session")
def faults():
    """Skips where the package was built without pages that fail on request."""
    try:
        newsprint.extract(PANICS)
    except newsprint.NewsprintError:
        return
    pytest.skip("built without the feature `faults`: maturin develop --features faults")
