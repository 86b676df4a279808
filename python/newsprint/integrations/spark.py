"""A Spark job over paths of WARC files, laid out as Common Crawl's own PySpark examples:

    python -m newsprint.integrations.spark --master 'local[2]' --input paths.txt --output articles

On a cluster, `spark-submit job.py --input paths.txt --output articles` with a `job.py` of two lines:

    from newsprint.integrations.spark import NewsprintJob
    NewsprintJob().run()

For jobs of your own, :func:`articles` takes a data frame of paths, :func:`extract` one of pages.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from .. import Extractor
from ._needs import need
from ._warc import records_of, schema

need("pyspark", "spark")
need("pyarrow", "spark")

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType


def spark_schema() -> StructType:
    """The columns of the records, as Spark has them."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(schema(), prefer_timestamp_ntz=False)


def articles(paths: DataFrame, *, column: str = "path", rows: int = 256, **options: Any) -> DataFrame:
    """The records of all pages of the WARC files that a column names, one row a page.

    A record that cannot be read is a row with an ``error``. Paths are read on the executors: local ones must be there;
    others, such as ``s3://``, are opened by fsspec.
    """
    extractor = Extractor(**options)

    def run(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        for batch in batches:
            yield from records_of(batch.column(column).to_pylist(), extractor, rows=rows)

    return paths.mapInArrow(run, spark_schema())


def extract(pages: DataFrame, *, keep: Sequence[str] = (), **options: Any) -> DataFrame:
    """The records of the pages of a data frame with a column ``html``, row for row; ``keep`` are passed through."""
    from pyspark.sql.types import StructType

    extractor, kept = Extractor(**options), list(keep)

    def run(batches: Iterable[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        for batch in batches:
            yield extractor.extract_batch(batch, threads=1, keep=kept)

    own = [pages.schema[name] for name in kept]
    return pages.mapInArrow(run, StructType(own + spark_schema().fields))


class NewsprintJob:
    """The job as a class, to change a part of it."""

    name = "newsprint"

    def parse_arguments(self, arguments: Sequence[str] | None = None) -> argparse.Namespace:
        """What the job is to do."""
        parser = argparse.ArgumentParser(prog="newsprint.integrations.spark", description="Articles of WARC files.")
        parser.add_argument("--master", help="such as local[4]; spark-submit names it otherwise")
        parser.add_argument("--input", required=True, help="file with a path of a WARC file a line")
        parser.add_argument("--output", required=True, help="folder for the articles; must not exist")
        parser.add_argument("--output_format", default="parquet", choices=["parquet", "json", "orc"])
        parser.add_argument("--num_input_partitions", type=int, default=0, help="tasks; one a file by default")
        parser.add_argument("--num_output_partitions", type=int, default=0, help="output files; one a task by default")
        parser.add_argument("--all", action="store_true", help="also pages without an article, and errors")
        return parser.parse_args(arguments)

    def run(self, arguments: Sequence[str] | None = None) -> None:
        """Runs the job."""
        from pyspark.sql import SparkSession

        self.args = self.parse_arguments(arguments)
        builder = SparkSession.builder.appName(self.name)
        if self.args.master:
            builder = builder.master(self.args.master)
        session = builder.getOrCreate()
        try:
            self.run_job(session)
        finally:
            session.stop()

    def run_job(self, session: SparkSession) -> None:
        """Reads, extracts and writes."""
        frame = articles(self.paths(session))
        if not self.args.all:
            frame = frame.where("verdict = 'article'")
        if self.args.num_output_partitions:
            frame = frame.coalesce(self.args.num_output_partitions)
        frame.write.format(self.args.output_format).save(self.args.output)

    def paths(self, session: SparkSession) -> DataFrame:
        """The paths, spread over tasks."""
        paths = session.read.text(self.args.input).withColumnRenamed("value", "path").where("trim(path) <> ''")
        return paths.repartition(self.args.num_input_partitions or max(1, paths.count()))


if __name__ == "__main__":
    NewsprintJob().run()
