"""Recognising a path of one machine in a text: the path alone, not what surrounds it."""

from __future__ import annotations

import re
from dataclasses import replace

from repro_lint.api import dataclass, lazy_pattern
from repro_lint_rules.configuration.roots import (
    ACCOUNTS,
    INSTALLED,
    PERSONAL,
    PLACEHOLDERS,
    ROOTS,
    STORIED,
    SYSTEM,
    Root,
    Tier,
)


@dataclass(frozen=True)
class MachinePath:
    """A path that exists on some machine only.

    ``root`` is the part that ties it there, ``where`` names the place in words. ``bare`` paths are nothing but the
    root. ``doubtful`` ones look like examples.
    """

    text: str
    root: str
    tier: Tier
    where: str
    platform: str | None = None
    ambiguous: bool = False
    bare: bool = False
    doubtful: bool = False

    @property
    def segments(self) -> tuple[str, ...]:
        """The names below the root."""
        rest = re.split(r"[/\\]+", self.text[len(self.root) :])
        return tuple(name for name in rest if name)


# What a text may hold and still be one path. Blanks are allowed inside names ("My Drive"), sentences are not paths.
_POSIX = lazy_pattern(r"[/~.][^\x00-\x1f<>|\"'`;\\^]*")
_DRIVE = lazy_pattern(r"(?P<drive>[A-Za-z]:)[\\/]{1,2}(?P<rest>[^\x00-\x1f<>|\"'`;:^]*)")
_UNC = lazy_pattern(r"\\\\(?P<root>[A-Za-z][\w.-]+\\[\w$.-]{2,})(?P<rest>(?:\\[\w $.@-]+)+)\\?")
_REGEX = lazy_pattern(r"\\[dwsDWSb][+*?]|\\[\[\](){}.]|\(\?|\)\?|\]\+|\.\*\\")
_SENTENCE = lazy_pattern(r"[.,:;!?] |\s{2}|(?: [\w'-]+){5}(?!.*\.\w{1,5}$)")
_CUT = lazy_pattern(r"\{|%\(|%[-\d.]*[sdif]|\$|<")
_FILE = lazy_pattern(r"\.\w{1,8}$")
_NAME = lazy_pattern(r"[\w.@+-]+$")
_HOME = lazy_pattern(r"(?P<root>/(?:home|Users)/(?P<name>[^/]+))(?P<rest>/.*)?$")
_PROFILE = lazy_pattern(r"[\\/]*(?P<folder>Users|Documents and Settings)[\\/]+(?P<name>[^\\/]+)", re.I)
_WINDOWS = lazy_pattern(r"[\\/]*(?:Windows|ProgramData)(?:[\\/]|$)", re.I)  # on every Windows machine
_TILDE = lazy_pattern(r"(?P<root>~/(?P<folder>[^/]+))/[^/]+")
_KAGGLE_INPUT = Root("../input", Tier.HOSTED, "the input directory of Kaggle's notebooks", True, "Kaggle")
_MAX_LENGTH = 400

# A cheap look at bytes: whether the file can hold any of the paths below. Each alternative begins with one fixed
# character, for which the search is fast. What stands before a slash must not make it the middle of another path, but
# can be the escape of a line's end in JSON. Directories that are not known by name count as texts in quotes only.
_SUSPECT = (
    re.compile(
        rb"/(?:(?<![\w.)}\]*-]/)|(?<=\\[nrt]/))"
        rb"(?:home|Users|root|content|gdrive|kaggle|dbfs|databricks|[wW]orkspace|opt/ml|teamspace|notebooks"
        rb"|l?scratch|gpfs|lustre|beegfs|cephfs|nfs|afs|share|hpc|mnt|media|Volumes|data(?:sets?)?)\b"
    ),
    re.compile(rb"/(?<=[\"']/)(?!(?:dev|tmp|usr|bin|etc|var|proc|api)\b)[\w.@+-]{2,}/[\w.@+ -]"),
    re.compile(rb":(?<=[^A-Za-z0-9_][A-Za-z]:)(?:/(?!/)|\\)"),
    re.compile(rb"\\\\(?<=[\"'\s=(]\\\\)(?:\\\\)*[A-Za-z]"),
    re.compile(rb"\.\./input\b"),
    re.compile(rb"dbfs:"),
    re.compile(rb"~/(?i:" + "|".join(sorted(PERSONAL)).encode() + rb")/"),
)


def may_hold_path(data: bytes) -> bool:
    """Whether the bytes of a file can hold the path of a machine; True where they are encoded in some other way."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\\/" in data or b"\\u002" in data:
        return True
    return any(pattern.search(data) for pattern in _SUSPECT)


def machine_path(text: str, *, cut: bool = False) -> MachinePath | None:
    """The path of one machine that the text is, or None.

    ``cut`` tells that the text is only the beginning of a longer one, so its last name may be incomplete.
    """
    if not 3 <= len(text) <= _MAX_LENGTH:
        return None
    text = text.removeprefix("file://")
    if match := _CUT.search(text):
        text, cut = text[: match.start()], True
    if _SENTENCE.search(text):
        return None
    first = text[:1]
    if first == "/":
        if re.match(r"/[A-Za-z]:[\\/]", text):  # file:///C:/...
            return _windows(text[1:], cut)
        return _posix(text, cut) if _POSIX.fullmatch(text) and text[1:2] != "/" else None
    if first == "~":
        return _tilde(text) if _POSIX.fullmatch(text) else None
    if text.startswith(("../input", "dbfs:/")):
        return _below_root(text, cut)
    return _windows(text, cut) if text[1:2] in (":", "\\") else None


def _posix(text: str, cut: bool) -> MachinePath | None:
    found = _below_root(text, cut)
    if found is not None:
        return found
    if match := _HOME.match(text):
        return _home(text, match["root"], match["name"], cut)
    if text.startswith("/root/") and len(text) > 6:
        return MachinePath(text, "/root", Tier.HOME, "the home directory of the root user", ambiguous=True)
    parts = text.strip("/").split("/")
    if len(parts) < 2 or parts[0] in SYSTEM or parts[0] in ("home", "Users", "root", "path", "some", "your"):
        return None
    if len(parts[0]) < 2 or not all(re.fullmatch(r"[\w.@+* ,()-]+", part) for part in parts):
        return None
    return MachinePath(text, f"/{parts[0]}", Tier.OTHER, f"a directory `/{parts[0]}` of one machine", ambiguous=True)


def _home(text: str, root: str, name: str, cut: bool) -> MachinePath | None:
    bare = len(text.rstrip("/")) <= len(root)
    if cut and text == root:
        return None  # the name goes on in what is not known
    plain = name.lower().partition("@")[0]
    if plain in PLACEHOLDERS | INSTALLED or plain.startswith(("your", "my_", "my-")) or not _NAME.match(name):
        return None
    return MachinePath(
        text,
        root,
        Tier.HOME,
        f"the home directory of {ACCOUNTS[name]}" if name in ACCOUNTS else "a home directory of one person",
        ambiguous=len(text.strip("/").split("/")) <= 3 and not _FILE.search(text),
        bare=bare,
        doubtful=name.lower() in STORIED,
    )


def _below_root(text: str, cut: bool) -> MachinePath | None:
    best: Root | None = None
    for root in (*ROOTS, _KAGGLE_INPUT):
        prefix = root.prefix
        if text.startswith(prefix) and text[len(prefix) : len(prefix) + 1] in ("", "/"):
            if text == prefix and cut:
                continue
            if best is None or len(prefix) > len(best.prefix):
                best = root
    if best is None:
        return None
    rest = text[len(best.prefix) :].strip("/")
    first = rest.split("/")[0]
    if first.lower() in ("path", "your", "some") or rest.startswith("path/to"):
        return None
    if best.tier in (Tier.SHARED, Tier.DATA) and first:
        below = f"{best.prefix}/{first}" if "/" in rest or cut else best.prefix
    else:
        below = best.prefix
    return MachinePath(text, below, best.tier, best.where, best.platform, best.ambiguous, bare=not rest)


def _tilde(text: str) -> MachinePath | None:
    match = _TILDE.match(text)
    if match is None or match["folder"].lower() not in PERSONAL:
        return None
    return MachinePath(text, match["root"], Tier.HOME, "where one person keeps such files", ambiguous=True)


def _windows(text: str, cut: bool) -> MachinePath | None:
    if _REGEX.search(text):
        return None
    if match := _UNC.fullmatch(text):
        return MachinePath(text, f"\\\\{match['root']}", Tier.DRIVE, "a Windows file server", ambiguous=True)
    match = _DRIVE.fullmatch(text)
    if match is None or not _is_windows_rest(match["rest"]):
        return None
    drive = match["drive"]
    if _WINDOWS.match(match["rest"]):
        return None
    found = MachinePath(text, drive, Tier.DRIVE, f"drive {drive.upper()} of a Windows machine")
    if profile := _PROFILE.match(text, len(drive)):
        name = profile["name"]
        if name.lower() == "public":
            return found
        root = text[: profile.end()]
        if name.lower() in PLACEHOLDERS or name.lower().startswith("your") or (cut and text == root):
            return None
        where, doubtful = "the Windows profile of one person", name.lower() in STORIED
        return replace(found, root=root, tier=Tier.HOME, where=where, doubtful=doubtful)
    if match["rest"].lower().startswith("program files"):
        return replace(found, ambiguous=True)
    return replace(found, ambiguous=drive.islower() and not re.search(r"[\\/]", match["rest"].strip("\\/")))


def _is_windows_rest(rest: str) -> bool:
    """Whether what follows the drive can be names of files; one letter or an escape is more often something else."""
    names = [name for name in re.split(r"[\\/]+", rest) if name]
    if not names or len(names[0]) < 2 or names[0].lower() in ("path", "your", "some"):
        return False
    return all(re.fullmatch(r"[\w .,@#$%&()+~*?=!\[\]{}-]+", name) and name.strip() for name in names)
