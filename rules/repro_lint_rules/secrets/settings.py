"""Where a file stands: what is in a test, an example or a local set-up is rarely a credential that opens anything."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache

from repro_lint.api import lazy_pattern


class Setting(Enum):
    """What a file is for, as its path tells."""

    WORK = "work"
    TEST = "test"
    EXAMPLE = "example"
    LOCAL = "local"
    """Containers that are started for development or for the time of a test run."""


_TEST = lazy_pattern(
    r"(?:^|/)(?:tests?|testing|e2e|specs?|fixtures?|__tests__|test[_\-]?data|mocks?|cassettes|[\w\-]+[_\-]tests?|tests?[_\-][\w\-]+|qa)/"
    r"|(?:^|/)(?:test_[^/]*|[^/]*_tests?|[^/]*[.\-]test|conftest|[^/]*test(?:case|util|utils|helper)s?|testing[^/]*)\.[a-z]+$"
)
_EXAMPLE = lazy_pattern(
    r"(?:^|/)(?:docs?|documentation|examples?|samples?|snippets?|docs_src|templates?|[\w\-]+[_\-]examples?|examples?[_\-][\w\-]+)/"
    r"|[.\-_](?:example|sample|template|tmpl|dist|defaults?)(?:$|\.)|(?:^|/)(?:example|sample)[^/]*$"
)
_LOCAL = lazy_pattern(
    r"(?:^|/)(?:docker-)?compose[^/]*\.ya?ml$|docker-compose|(?:^|/)\.(?:github|circleci|devcontainer|gitlab|ci)/|(?:^|/)\.gitlab-ci|"
    r"(?:^|/)(?:[^/]*[.\-_])?(?:ci|dev|local|development|test|testing|localhost)(?:[.\-_][^/]*)?\.(?:ya?ml|env|ini|toml|cfg|json)$"
    r"|(?:^|/)\.env\.(?:dev|development|local|test|testing|ci)$|(?:^|/)\.travis\.yml$|azure-pipelines"
)


@lru_cache(maxsize=256)
def setting_of(path: str) -> Setting:
    """What the file of this path is for."""
    lower = path.lower()
    if _TEST.search(lower):
        return Setting.TEST
    if _EXAMPLE.search(lower):
        return Setting.EXAMPLE
    return Setting.LOCAL if _LOCAL.search(lower) else Setting.WORK
