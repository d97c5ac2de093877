"""What fetches from the network, and that its table and the rule's triggers belong together."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import write_files

from repro_lint.api import PythonSource
from repro_lint.files import open_view
from repro_lint.project import Project
from repro_lint_rules.running.needs_network.rule import NeedsNetwork
from repro_lint_rules.running.network import _fetching, network_uses


def uses(root: Path, text: str) -> list[tuple[str, str | None]]:
    write_files(root, {"a.py": text})
    source = Project(open_view(root)).load(PythonSource, "a.py")
    assert source is not None
    return [(use.call, use.address) for use in network_uses(source)]


@pytest.mark.parametrize("name", sorted(_fetching()))
def test_every_call_of_the_table_has_a_trigger(name: str) -> None:
    assert any(trigger.decode() in name for trigger in NeedsNetwork.triggers)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "import pandas as pd\npd.read_csv('https://a.example/b.csv?key=1')",
            [("pd.read_csv", "https://a.example/b.csv")],
        ),
        ("import cv2\ncv2.VideoCapture('http://me:pass@a.example/v')", [("cv2.VideoCapture", "http://a.example/v")]),
        ("import pandas as pd\npd.read_csv('b.csv')", []),
        ("import requests\ndef f():\n    requests.get('https://a.example')", []),
        (
            "import requests\ndef f():\n    requests.get('https://a.example')\nf()",
            [("requests.get", "https://a.example")],
        ),
        ("import requests\nif x:\n    requests.get('https://a.example')", []),
        ("import requests\nrequests.get('http://127.0.0.1:80/')", []),
        ("from torchvision import datasets\ndatasets.MNIST('d', download=True)", [("datasets.MNIST", None)]),
        ("from torchvision import datasets\ndatasets.MNIST('d')", []),
        (
            "from transformers import AutoModel\nAutoModel.from_pretrained('bert-base')",
            [("AutoModel.from_pretrained", None)],
        ),
        ("from transformers import AutoModel\nAutoModel.from_pretrained('./models/a')", []),
    ],
)
def test_uses(tmp_path: Path, text: str, found: list[tuple[str, str | None]]) -> None:
    assert uses(tmp_path, text) == found
