"""A program fetches from the network in every run."""

from __future__ import annotations

from repro_lint.api import Confidence, Finding, Level, Outcome, PythonSource, Rule, RuleMeta, Severity
from repro_lint_rules.running.network import network_uses


class NeedsNetwork(Rule):
    """Speaks of what every run reaches: top-level code, and functions that it calls for certain."""

    meta = RuleMeta(
        code="RUN009",
        name="needs-network",
        family="running",
        level=Level.RUNNABLE,
        severity=Severity.NOTE,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A program fetches from the network in every run.",
        why="Without a network, or when the address is gone, it stops here; what comes may differ from day to day.",
        help="fetch once, into a file that later runs read, and say in the README where it came from",
        status="preview",
        predicts="network",
    )
    triggers = (
        *(b"http", b"ftp:", b"s3:", b"gs:", b"fetch_", b"load_dataset", b"load_data", b"from_pretrained"),
        *(b"download", b"hub", b"get_rdataset", b"requests", b"urlopen", b"urlretrieve", b"wget", b"curl", b"gdown"),
        *(b"yfinance", b"datareader", b"openml", b"quandl", b"tweepy", b"pooch", b"osmnx", b"kaggle", b"git clone"),
        *(b"tensorflow_datasets", b"read_data_sets", b"read_html", b"get_file", b"pipeline", b"ogb", b"ucimlrepo"),
        *(b"pmlb", b"aria2c", b"sentence_transformers", b"get_data_yahoo"),
    )

    def check(self, source: PythonSource) -> Outcome:
        """One finding for each fetch."""
        for use in network_uses(source):
            what = f" {use.address}" if use.address else ""
            once = " the first time it runs" if use.cached else ""
            yield Finding(use.place, f"`{use.call}` fetches{what} from the network{once}")
