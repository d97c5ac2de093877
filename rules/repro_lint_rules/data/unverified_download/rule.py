"""A file is fetched, and nothing checks that it is the one that was meant."""

from __future__ import annotations

from repro_lint.api import Confidence, Finding, Level, Outcome, PythonSource, Rule, RuleMeta, Severity, TextFile
from repro_lint_rules.data.downloads import unverified_in_program, unverified_in_script


class UnverifiedDownload(Rule):
    """Looks for downloads in programs and shell scripts that compare no checksum anywhere."""

    meta = RuleMeta(
        code="DAT002",
        name="unverified-download",
        family="data",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A file is fetched, and nothing checks that it is the one that was meant.",
        why="If it changes, comes cut short or is an error page, results change, or something fails far from here.",
        help="compare its checksum with the one you expect",
    )
    triggers = (
        *(b"urlretrieve", b"wget", b"curl", b"gdown", b"get_file", b"download_url", b"load_state_dict_from_url"),
        *(b"download_and_extract_archive", b"pooch", b"aria2c"),
    )

    def check(self, subject: PythonSource | TextFile) -> Outcome:
        """One finding for each download."""
        found = unverified_in_program(subject) if isinstance(subject, PythonSource) else unverified_in_script(subject)
        for download in found:
            source = f" `{_short(download.address)}`" if download.address else " a file"
            yield Finding(
                download.place, f"`{download.what}` fetches{source} without checking what came", help=download.advice
            )


def _short(address: str) -> str:
    return address if len(address) <= 80 else f"{address[:50]}…{address[-28:]}"
