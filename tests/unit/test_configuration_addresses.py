"""The knowledge about addresses of services: what is one, and what only looks like it."""

from __future__ import annotations

import pytest

from repro_lint_rules.configuration.address_bytes import may_hold_address
from repro_lint_rules.configuration.addresses import address_of, named_address


@pytest.mark.parametrize(
    ("text", "what", "local"),
    [
        ("postgresql://db.lab.internal:5432/survey", "one database", False),
        ("postgresql+psycopg2://reader@db.lab.internal/survey", "one database", False),
        ("mongodb+srv://cluster0.abc.mongodb.net/x", "one database", False),
        ("jdbc:mysql://10.0.0.9:3306/x", "one database", False),
        ("jdbc:oracle:thin:@dbhost1:1521:orcl", "one database", False),
        ("redis://localhost:6379", "a cache on the same machine", True),
        ("http://localhost:8000/predict", "a service on the same machine", True),
        ("http://[::1]:8000", "a service on the same machine", True),
        ("http://192.168.1.20:8080", "one machine of a private network", False),
        ("10.12.0.7:9092", "one machine of a private network", False),
        ("52.29.1.17", "one machine, by its number", False),
        ("http://mlflow:5000", "a host of one network", False),
        ("http://gpu.lab.local/api", "a host of one network", False),
        ("spark://head-node:7077", "a host of one network", False),
        ("https://dbc-1a2b.cloud.databricks.com", "one account's workspace", False),
        ("s3://lab-raw-2021/visits.parquet", "one bucket", False),
        ("abfss://raw@labstore.dfs.core.windows.net/x", "one bucket", False),
    ],
)
def test_addresses(text: str, what: str, local: bool) -> None:
    address = address_of(text)
    assert address is not None
    assert (address.what, address.local) == (what, local)
    assert may_hold_address(f'x = "{text}"'.encode())


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/anna/titanic",
        "http://www.w3.org/1999/xhtml",
        "https://api.weather.gov:443/points",
        "postgresql://db.example.com/x",
        "postgresql://reader:hunter2@10.0.0.1/x",
        "sqlite:///x.db",
        "file:///data/x.csv",
        "s3://your-bucket/x",
        "s3://{bucket}/x",
        "gs://cloud-samples-data/x.csv",
        "hdfs://hdfs-host:port/path/file.txt",
        "http://metadata.google.internal",
        "http://169.254.169.254/latest",
        "192.0.2.7",
        "255.255.255.0",
        "999.1.2.3",
        "0.0.0.0",
        "1.2.3",
        "see http://10.0.0.1:8000",
        "",
    ],
)
def test_what_is_none(text: str) -> None:
    assert address_of(text) is None


@pytest.mark.parametrize(
    ("text", "what", "known"),
    [
        ("db.lab.internal", "a host", True),
        ("kafka:9092", "a host", True),
        ("localhost", "a host", True),
        ("docx", "a host", False),
        ("smtp.gmail.com", "a host", False),
        ("your-host.com", "a host", False),
        ("lab-raw-2021", "a bucket", True),
        ("results", "a bucket", False),
        ("001..010", "a bucket", False),
        ("my-bucket", "a bucket", False),
    ],
)
def test_what_a_name_makes_an_address(text: str, what: str, known: bool) -> None:
    assert (named_address(text, what) is not None) is known


def test_the_beginning_of_a_name_is_not_enough() -> None:
    assert address_of("s3://lab", cut=True) is None
    assert address_of("s3://lab-raw-2021/", cut=True) is not None


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (b"import os\nprint(os.name)\n", False),
        (b'x = "https://pandas.pydata.org/docs"', False),
        (b'connect(host="db")', True),
        (b'bucket = "lab"', True),
        (b'"url": "http:\\/\\/x"', True),
    ],
)
def test_bytes_are_searched_first(data: bytes, answer: bool) -> None:
    assert may_hold_address(data) is answer
