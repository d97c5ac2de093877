"""Which distribution gives which module, and what counts as something to install."""

from __future__ import annotations

import pytest

from repro_lint_rules.environment.names import (
    by_name,
    distributions_of,
    is_foreign,
    matching,
    names,
    resembling,
    unit_of,
)


@pytest.mark.parametrize(
    ("module", "declared"),
    [
        ("cv2", "opencv-python-headless"),
        ("sklearn.linear_model", "scikit-learn"),
        ("torch", "pytorch"),
        ("google.cloud.storage", "google-cloud-storage"),
        ("google.protobuf.message", "protobuf"),
        ("sphinxcontrib.bibtex", "sphinxcontrib-bibtex"),
        ("skvideo.io", "scikit-video"),
        ("typing_extensions", "typing-extensions"),
        ("ftplib2", "python-ftplib2"),
        ("some_tool", "sometool"),
        ("azure.storage.blob", "azure-storage-blob"),
    ],
)
def test_matching(module: str, declared: str) -> None:
    assert matching(frozenset({module}), unit_of(module), by_name(frozenset({declared, "other"}))) == declared


@pytest.mark.parametrize(
    ("module", "declared"),
    [("torch", "torch-summary"), ("yaml", "ruamel-yaml"), ("google.cloud.storage", "google-auth")],
)
def test_not_matching(module: str, declared: str) -> None:
    assert matching(frozenset({module}), unit_of(module), by_name(frozenset({declared}))) is None


@pytest.mark.parametrize(
    ("module", "foreign"),
    [
        ("numpy", True),
        ("_pytest", True),
        ("os.path", False),
        ("tomllib", False),
        ("urllib2", False),
        ("google.colab", False),
        ("google.cloud", True),
        ("_ext", False),
        ("service_pb2", False),
    ],
)
def test_what_has_to_be_installed(module: str, foreign: bool) -> None:
    assert is_foreign(module) is foreign


def test_resembling() -> None:
    assert resembling("tap", iter(["typed-argument-parser"])) == "typed-argument-parser"
    assert resembling("tensorflow_serving", iter(["tensorflow-serving-api"])) == "tensorflow-serving-api"
    assert resembling("train4", iter(["numpy", "pandas"])) is None
    assert resembling("ebmdatalab", iter(["stack-data"])) is None


def test_the_table_holds_normalised_names() -> None:
    known = names()
    given = {name for listed in known.modules.values() for name in listed}
    given |= {name for table in (known.brings, known.bundles) for listed in table.values() for name in listed}
    given |= {*known.brings, *known.bundles, *known.mistaken, *known.conda.values()}
    assert [name for name in sorted(given) if name != name.lower() or "_" in name or "." in name] == []
    assert set(known.conda) <= set(known.modules)


def test_unknown_modules_are_called_like_their_distribution() -> None:
    assert distributions_of("My_Tool") == ("my-tool",)
