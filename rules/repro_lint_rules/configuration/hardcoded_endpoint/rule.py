"""The address of one service is written into the code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from repro_lint.api import Confidence, Finding, Level, Outcome, PythonSource, Rule, RuleMeta, Severity, lazy_pattern

if TYPE_CHECKING:
    from repro_lint_rules.configuration.address_uses import Endpoint

_SETTINGS_FILE = lazy_pattern(r"(?:^|/)(?:\w*config\w*|\w*settings\w*|constants|conf)(?:/[^/]*)?\.py$", re.I)
_SHOWN_ASIDE = lazy_pattern(r"(?:^|/)(?:examples?|samples?|demos?|tutorials?|docs?)/", re.I)
_LONGEST = 60


class HardcodedEndpoint(Rule):
    """Reports hosts, databases, buckets and queues that are arguments of calls or constants."""

    meta = RuleMeta(
        code="CFG002",
        name="hardcoded-endpoint",
        family="configuration",
        level=Level.PRODUCTION,
        severity=Severity.WARNING,
        confidence=Confidence.MEDIUM,
        since="0.1.0",
        summary="The address of one service is written into the code.",
        why="The code runs only where that service is; to test it or to move it to another one, it has to change.",
        help="take the address from an environment variable, an option or a configuration file",
    )

    def check(self, source: PythonSource) -> Outcome:
        """One finding for each address in use, at its text."""
        # No few strings are in every address, so that there are no triggers; most files hold none by their bytes.
        from repro_lint_rules.configuration.address_bytes import may_hold_address

        if not may_hold_address(source.file.written):
            return
        from repro_lint_rules.configuration.address_uses import endpoints
        from repro_lint_rules.configuration.path_findings import is_test_file

        if is_test_file(source.path):
            return  # their addresses are made up, or those of services that the tests start
        for endpoint in endpoints(source):
            yield Finding(
                endpoint.place,
                f"`{_shortened(endpoint.address.text)}`{_bound(endpoint)} ties the code to {endpoint.address.what}",
                help=f'os.environ["{_variable(endpoint)}"], an option or a configuration file can say where it is',
                confidence=_confidence(endpoint, source.path),
            )


def _confidence(endpoint: Endpoint, path: str) -> Confidence:
    address = endpoint.address
    if _SETTINGS_FILE.search(path) or (endpoint.name or "").lower().lstrip("_").startswith("default"):
        return Confidence.LOW
    if address.local and endpoint.called is None and "://" not in address.text:
        return Confidence.LOW  # as likely where the program listens as where it connects to
    if address.local and _SHOWN_ASIDE.search(path):
        return Confidence.LOW
    return Confidence.HIGH if address.certain and not address.local else Confidence.MEDIUM


def _bound(endpoint: Endpoint) -> str:
    if endpoint.called:
        return f" in the call of `{endpoint.called}`"
    return f", bound to `{endpoint.name}`," if endpoint.name else ""


def _variable(endpoint: Endpoint) -> str:
    name = endpoint.name or ""
    if len(name) > 3 and re.fullmatch(r"[A-Za-z_]\w*", name):
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).upper()
    return {"one bucket": "BUCKET", "one database": "DATABASE_URL", "one queue": "QUEUE_URL"}.get(
        endpoint.address.what, "SERVICE_URL"
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
