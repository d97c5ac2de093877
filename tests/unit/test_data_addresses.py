"""What is known of web addresses: which move, and which are data."""

from __future__ import annotations

import pytest

from repro_lint_rules.data.addresses import is_data, is_fixed, moving

_RAW = "https://raw.githubusercontent.com/o/r"
COMMIT = "0b6d4ac2f0e0c4e4a8d7f6ad1c2b3e4f5a697887"
MOVING = {
    f"{_RAW}/master/x.csv": "the branch `master`",
    f"{_RAW}/refs/heads/fix/x.csv": "the branch `fix`",
    "https://github.com/o/r/raw/main/x.csv": "the branch `main`",
    "https://github.com/o/r/blob/HEAD/x.csv?raw=true": "the branch `HEAD`",
    "https://github.com/o/r/archive/master.zip": "the branch `master`",
    "https://github.com/o/r/archive/refs/heads/main.tar.gz": "the branch `main`",
    "https://github.com/o/r/releases/latest/download/x.zip": "the latest release",
    "https://gitlab.com/o/g/r/-/raw/main/x.csv": "the branch `main`",
    "https://huggingface.co/datasets/o/r/resolve/main/x.csv": "the branch `main`",
    "https://huggingface.co/gpt2/resolve/main/config.json": "the branch `main`",
    "https://cdn.jsdelivr.net/gh/o/r@latest/x.json": "the branch `latest`",
}


@pytest.mark.parametrize("address", MOVING)
def test_addresses_on_a_branch_move(address: str) -> None:
    found = moving(address)
    assert found is not None
    assert found.what == MOVING[address]


@pytest.mark.parametrize(
    "address",
    [
        f"{_RAW}/{COMMIT}/x.csv",
        f"{_RAW}/v1.0/x.csv",
        "https://github.com/o/master/blob/v1/main/x.csv",
        "https://github.com/o/r/releases/download/v1/x.zip",
        "https://example.org/master/x.csv",
        "https://github.com/o/r",
    ],
)
def test_other_addresses_stay(address: str) -> None:
    assert moving(address) is None


def test_data_is_told_from_software() -> None:
    assert is_data("https://e.org/x.csv.gz")
    assert is_data("https://e.org/x.zip?download=1")
    assert not is_data("https://e.org/page.html")
    assert not is_data("https://e.org/Miniconda3-latest.zip")
    assert is_fixed(f"{_RAW}/{COMMIT}/x.csv")
    assert not is_fixed("https://e.org/x.csv")
