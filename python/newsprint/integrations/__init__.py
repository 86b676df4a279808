"""Steps for engines that run over many pages: `datatrove`, `ray`, `spark`, `nemo`.

Each is a module of its own, and needs its engine: ``pip install "newsprint[datatrove]"`` and so on. DuckDB and polars
need no step: their frames go into :func:`newsprint.extract_batch` as they are.
"""
