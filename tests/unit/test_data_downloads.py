"""Downloads, and the signs that a program compares checksums."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import write_files

from repro_lint.api import Project, PythonSource
from repro_lint.files import open_view
from repro_lint_rules.data.downloads import unverified_in_program

SCRIPT = """from urllib.request import urlretrieve
urlretrieve("https://example.org/data.csv", "data.csv")
"""


def downloads(root: Path, code: str) -> int:
    """The number of unverified downloads in a script."""
    write_files(root, {"fetch.py": code})
    source = Project(open_view(root)).load(PythonSource, "fetch.py")
    assert source is not None
    return len(list(unverified_in_program(source)))


def test_a_download_without_a_checksum_is_found(tmp_path: Path) -> None:
    assert downloads(tmp_path, SCRIPT) == 1
    assert downloads(tmp_path, SCRIPT + "# of gpg, or sha3, nothing is known\n") == 1


@pytest.mark.parametrize(
    "sign",
    [
        *("sha1(x)", "SHA224SUM", "sha256(x)", "sha384sum", "Sha512", "md5", "MD5SUM", "import hashlib", "checksum"),
        *("known_hash=x", "file_hash", "blake2b", "gpg --verify x", "cksum", "b2sum", "shasum", "check_integrity"),
        *("hash_prefix", "CRC32(x)"),
    ],
)
def test_any_sign_of_a_comparison_is_enough(tmp_path: Path, sign: str) -> None:
    assert downloads(tmp_path, f"{SCRIPT}# {sign}\n") == 0
