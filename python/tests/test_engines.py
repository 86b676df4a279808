"""The same WARC files through the command line, `extract_batch`, datatrove, Ray and Spark: the same records."""

import json
import multiprocessing
import os
import pathlib
import signal
import subprocess
import sys

import newsprint
import pytest
from pages import FERRY, FERRY_URL, fixtures, write_warcs

pytest.importorskip("pyarrow")

FIELDS = list(newsprint.extract(FERRY).to_dict())
# Fields that are printed on request only.
ON_REQUEST = {"markdown", "html", "blocks", "images", "links"}


def line(record):
    """A record as the command line prints it."""
    present = {name: record[name] for name in FIELDS if name not in ON_REQUEST}
    return json.dumps(present, ensure_ascii=False, separators=(",", ":"))


def lines(rows):
    """The articles among these rows, as lines."""
    return [line(row) for row in rows if row["verdict"] == "article"]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """2,000 records in eight files, some of them damaged."""
    count = int(os.environ.get("NEWSPRINT_TEST_RECORDS", "2000"))
    return write_warcs(tmp_path_factory.mktemp("archive"), count, 8)


@pytest.fixture(scope="module")
def expected(archive):
    """What the command line prints, in order."""
    target = pathlib.Path(__file__).resolve().parents[2] / "target"
    command = os.environ.get("NEWSPRINT_COMMAND", str(target / "release" / "newsprint"))
    if not os.path.exists(command):
        pytest.skip(f"no command {command}: cargo build --release, or set NEWSPRINT_COMMAND")
    run = subprocess.run(
        [command, "extract", "--no-site-memory", "--quiet", "--format", "jsonl", *archive],
        capture_output=True,
        text=True,
        cwd=os.path.dirname(archive[0]),
    )
    assert run.returncode == 3, run.stderr  # some pages are damaged
    found = run.stdout.splitlines()
    assert len(found) > len(archive) * 2
    return found


@pytest.fixture(scope="module")
def rows(archive):
    """Every page and every error by `extract_batch`, in order."""
    from newsprint.integrations._warc import records_of

    batches = records_of(archive, newsprint.Extractor(), rows=100, threads=2)
    return [row for batch in batches for row in batch.to_pylist()]


def test_extract_batch_gives_the_records_of_the_command_line(rows, expected):
    assert lines(rows) == expected
    errors = [row for row in rows if row["error"]]
    assert errors and all("part-0" in row["error"] and row["id"] is None for row in errors)


def test_single_pages_give_the_records_of_the_command_line(archive, expected):
    extractor = newsprint.Extractor()
    items = [item for path in archive for item in newsprint.read_warc(path)]
    articles = [extractor.extract(item) for item in items if isinstance(item, newsprint.Page)]
    assert [it.to_json() for it in articles if it.is_article] == expected


def test_datatrove(archive, rows, tmp_path):
    pytest.importorskip("datatrove")
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.writers import JsonlWriter
    from newsprint.integrations.datatrove import NewsprintWarcReader

    folder = os.path.dirname(archive[0])
    pipeline = [NewsprintWarcReader(folder), JsonlWriter(str(tmp_path / "out"), compression=None)]
    LocalPipelineExecutor(pipeline=pipeline, tasks=4, workers=2, logging_dir=str(tmp_path / "log")).run()
    documents = [json.loads(it) for path in (tmp_path / "out").iterdir() for it in path.read_text().splitlines()]
    found = [line(it["metadata"]["record"] | {"text": it["text"]}) for it in documents]
    assert sorted(found) == sorted(lines(rows))


def test_a_datatrove_step_extracts_documents_of_any_reader(faults):
    pytest.importorskip("datatrove")
    from datatrove.data import Document
    from newsprint.integrations.datatrove import Newsprint
    from pages import HANGS, PANICS

    pages = [(FERRY_URL, FERRY), (FERRY_URL, PANICS), (FERRY_URL, HANGS), ("nowhere", FERRY), (FERRY_URL, "<p>")]
    documents = [Document(html, str(at), metadata={"url": url}) for at, (url, html) in enumerate(pages)]
    step = Newsprint(timeout=0.2)
    found = list(step.run(documents))
    assert [it.id for it in found] == ["0", "3"]
    assert found[0].text == newsprint.extract(FERRY, FERRY_URL).text
    assert found[0].metadata["record"]["title"] == "Ferry returns" and "text" not in found[0].metadata["record"]
    counts = {name: step.stats.stats[name].total for name in ("timeout", "clean_error", "dropped", "total")}
    assert counts == {"timeout": 1, "clean_error": 1, "dropped": 1, "total": 5}


def test_ray_on_two_workers(archive, rows):
    ray = pytest.importorskip("ray")
    from newsprint.integrations.ray import Newsprint, NewsprintWarc

    os.environ["RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO"] = "0"
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=200 << 20)
    try:
        paths = ray.data.from_items([{"path": path} for path in archive])
        found = paths.map_batches(NewsprintWarc, batch_format="pyarrow", batch_size=1, concurrency=2).take_all()
        assert sorted(lines(found)) == sorted(lines(rows))
        assert len(found) == len(rows)
        pages = ray.data.from_items([{"html": page, "url": url} for url, page in fixtures()])
        found = pages.map_batches(Newsprint, batch_format="pyarrow", concurrency=2).take_all()
        assert {it["url"] for it in found} == {url for url, _ in fixtures()}
    finally:
        ray.shutdown()


@pytest.fixture(scope="module")
def spark():
    """Spark on two executors, each a process."""
    pytest.importorskip("pyspark")
    from pyspark.sql import SparkSession

    os.environ |= {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.executor.memory": "1g",
    }
    builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("newsprint")
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except Exception as error:  # no Java
        pytest.skip(f"Spark does not start: {error}")
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


def test_spark_on_two_executors(spark, archive, rows):
    from newsprint.integrations.spark import articles

    paths = spark.createDataFrame([(path,) for path in archive], "path string").repartition(4)
    found = [row.asDict(recursive=True) for row in articles(paths, rows=64).collect()]
    assert sorted(lines(found)) == sorted(lines(rows))
    assert len(found) == len(rows)


def test_spark_extracts_a_frame_of_pages(spark):
    from newsprint.integrations.spark import extract

    pages = spark.createDataFrame([(1, FERRY, FERRY_URL), (2, None, None)], "key int, html string, url string")
    found = {row.key: row for row in extract(pages, keep=["key"]).collect()}
    assert (found[1].verdict, found[1].title) == ("article", "Ferry returns")
    assert found[2].error == "there is no page: it is null"


def kill_executor():
    """Kills the JVM that runs this Python worker: the parent of its parent."""
    with open(f"/proc/{os.getppid()}/stat") as stat:
        executor = int(stat.read().rsplit(")", 1)[1].split()[1])
    os.kill(executor, signal.SIGKILL)


def test_a_killed_executor_neither_loses_nor_doubles_a_row(spark, archive, rows, tmp_path):
    from newsprint.integrations._warc import records_of
    from newsprint.integrations.spark import spark_schema
    from pyspark import cloudpickle

    # The executors do not have this file.
    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    extractor, marker, victim = newsprint.Extractor(), str(tmp_path / "killed"), archive[2]

    def run(batches):
        for batch in batches:
            for path in batch.column("path").to_pylist():
                for number, records in enumerate(records_of([path], extractor, rows=32)):
                    if path == victim and number == 1 and not os.path.exists(marker):
                        open(marker, "w").close()
                        kill_executor()
                    yield records

    paths = spark.createDataFrame([(path,) for path in archive], "path string").repartition(8)
    found = [row.asDict(recursive=True) for row in paths.mapInArrow(run, spark_schema()).collect()]
    assert os.path.exists(marker)
    assert sorted(lines(found)) == sorted(lines(rows))
    assert len(found) == len(rows)


def test_the_spark_job_reads_paths_and_writes_articles(archive, rows, tmp_path):
    pytest.importorskip("pyspark")
    (tmp_path / "paths.txt").write_text("\n".join(archive[:2]) + "\n\n")
    arguments = ["--master", "local[2]", "--input", str(tmp_path / "paths.txt"), "--output", str(tmp_path / "out")]
    run = subprocess.run(
        [sys.executable, "-m", "newsprint.integrations.spark", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable},
    )
    if "JAVA" in run.stderr and "not set" in run.stderr:
        pytest.skip("no Java")
    assert run.returncode == 0, run.stderr[-2000:]
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(tmp_path / "out")
    wanted = [row["id"] for row in rows if row["verdict"] == "article" and row["source"].startswith(tuple(archive[:2]))]
    assert sorted(table.column("id").to_pylist()) == sorted(wanted)


def forked(queue):
    queue.put([newsprint.extract(page, url).to_json() for url, page in list(fixtures())[:10]])


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes_that_were_forked_extract_as_their_parent_does(method):
    expected = [newsprint.extract(page, url).to_json() for url, page in list(fixtures())[:10]]
    import pyarrow

    newsprint.extract_batch(pyarrow.RecordBatch.from_pydict({"html": [FERRY] * 8}), threads=4)
    context = multiprocessing.get_context(method)
    queue = context.Queue()
    processes = [context.Process(target=forked, args=(queue,)) for _ in range(3)]
    for process in processes:
        process.start()
    found = [queue.get(timeout=120) for _ in processes]
    for process in processes:
        process.join()
    assert found == [expected] * 3
