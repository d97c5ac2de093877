"""Which distribution gives which module, and what counts as something to install."""

from __future__ import annotations

import pytest
from tools.distributions import module_table

from repro_lint.api import canonical_name
from repro_lint_rules.environment.names import (
    brought,
    by_name,
    coming_with,
    distributions_of,
    is_foreign,
    matching,
    names,
    resembling,
    suggestion,
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
        ("bayes_opt", "bayesian-optimization"),
        ("pyro.distributions", "pyro-ppl"),
        ("xdist", "pytest-xdist"),
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


@pytest.mark.parametrize(
    ("module", "suggested"),
    [
        ("cv2", "opencv-python"),
        ("taming", "taming-transformers"),
        ("xdist", "pytest-xdist"),
        ("dev", None),
        ("x_y", None),
    ],
)
def test_suggestion(module: str, suggested: str | None) -> None:
    assert suggestion(module) == suggested


def test_what_is_measured_in_wheels() -> None:
    """Modules that are called like their distribution, and what came along by mistake, are not in the table."""
    held = {
        "pyro-ppl": ["pyro"],
        "pytest-xdist": ["xdist", "tests"],
        "numpy": ["numpy"],
        "opencv-python": ["cv2"],
        "scikit-image": ["skimage", "0123456789abcdef0123__mypyc"],
        "google-auth": ["google"],
        "broken": None,
    }
    assert module_table(held) == {"xdist": ["pytest-xdist"]}
    forked = {"triton-ascend": ["triton"], "triton": ["triton"]}
    assert module_table(forked) == {"triton": ["triton", "triton-ascend"]}
    assert module_table({f"d{number}": ["shared"] for number in range(9)}) == {}


def test_what_comes_with_others() -> None:
    assert {"numpy", "joblib"} <= coming_with(["scikit-learn"])
    assert "markupsafe" in coming_with(["flask"])  # which jinja2 requires
    assert {"six", "numpy"} <= coming_with(["pandas"])  # the first of older releases
    assert coming_with(["no-such-distribution"]) == frozenset()


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
    assert all(name == canonical_name(name) for listed in known.measured.values() for name in listed)
    assert all(name == canonical_name(name) for row in brought().items() for name in (row[0], *row[1]))
    assert [module for module in known.measured if not module.isidentifier() or module in known.standard] == []
    assert set(known.conda) <= set(known.modules)


def test_unknown_modules_are_called_like_their_distribution() -> None:
    assert distributions_of("My_Tool") == ("my-tool",)
