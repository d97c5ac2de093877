"""Whether a text has the shape of a credential, rather than that of a placeholder, a word, a name or a place."""

from __future__ import annotations

import itertools
import re
import string
from base64 import b64decode
from enum import IntEnum
from functools import cache, lru_cache
from pathlib import Path

from repro_lint.api import lazy_pattern
from repro_lint_rules.secrets.names import PASSWORD_WORDS, Kind, Meaning, words


class Shape(IntEnum):
    """How much a value looks like a credential."""

    NONE = 0
    STOCK = 1
    """A password that software is delivered with, such as ``postgres``."""
    PLAIN = 2
    """Any word: a credential only because of its name."""
    MIXED = 3
    """Not a word: digits or signs among the letters."""
    RANDOM = 4
    """Long and random, as machines make them."""


STOCK_PASSWORDS = frozenset(
    """
    admin administrator root guest user postgres postgresql mysql mariadb mongo mongodb redis rabbitmq minio minioadmin
    minio123 airflow mlflow superset redash prefect metabase grafana jupyter neo4j elastic changeit oracle sqlserver sa
    docker vagrant ubuntu rootpassword 1234 12345 123456 12345678 123456789 1234567890 clickhouse cassandra default
    demo dagster dev local localhost kedro feast hive hadoop spark app keycloak tiger
    """.split()
)
# Words that stand in the place of a password without being one: types, states, interface texts, other languages.
_NOT_PASSWORDS = frozenset(
    """
    string str text char varchar bytes byte int integer bool boolean object array number any value values required optional
    sensitive masked plain plaintext basic bearer digest hash hashed encrypted encoded none null nil nan true false yes no
    input field label prompt hint invalid missing wrong incorrect empty unset undefined redacted removed hidden unknown random
    generate generated auto automatic ask keyring env environ environment vault login logout signin signup register reset
    forgot confirm verify show hide enabled disabled enable disable authentication authorization auth oauth oauth2 saml ldap
    kerberos jwt session cookie header query body form path api key keys file config settings cleartext sha256 sha1 md5 bcrypt
    argon2 scrypt pbkdf2 username email e-mail mail name host port url uri database db server client account accounts
    kennwort parola wachtwoord senha clave contrasena haslo heslo salasana losenord adgangskode jelszo sifre
    invalid_grant client_credentials authorization_code refresh_token access_denied not_set not-set x-oauth-basic x-token-auth oauth2accesstoken api_token _json_key anystring gitlab-ci-token n/a na tbd deprecated
    primary secondary foreign unique index same inherit special ******** credential credentials
    """.split()
)
_PLACEHOLDER_WORDS = frozenset(
    """
    your yours my placeholder example examples sample dummy fake mock mocked foo bar baz qux todo fixme change changeme replace
    replaceme insert enter fill put add paste edit here xxx xxxx xxxxx xxxxxx xxxxxxxx some test tests testing tester insecure
    redacted censored removed abc abcd abcdef asdf qwerty lorem ipsum blah bogus invalid temp tmp
    fixture notreal unused irrelevant whatever anything something none null nothing
    """.split()
)
_CREDENTIAL_WORDS = PASSWORD_WORDS | frozenset(
    "pass secret secrets key keys token tokens credential credentials api auth access".split()
)
_STEMS = lazy_pattern(
    r"passw|pwd|secret|token|apikey|credential|passphrase|placeholder|changeme|change_?me|dummy|replace_?me", re.I
)
_TEMPLATE = lazy_pattern(
    r"\$\{|\$\(|^\$|\{\{|\{%|^%\w+%$|%\(\w+\)|%[sdr](?![A-Za-z0-9])|\{[\w.:!\[\]\-]*\}|<[^<>]*>|^[<\[({].*[>\])}]$|\*{3}|\.{3}|…|#\{|@@|__\w+__|^@\w+@$|^!|^ENC\[|\$ANSIBLE"
)
_REPEATED = lazy_pattern(r"(.)\1{4,}|^(.{1,3})\2{2,}$|(?i:xxx)")
_PATTERN = lazy_pattern(r"\(\?|\.\*|\\[wdsbSDW]|\[(?:a-z|A-Z|0-9|\^)|^\^.*\$$|\.\+")
_ENV_NAME = lazy_pattern(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_DOTTED = lazy_pattern(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?:\(.*\))?|[A-Za-z_][\w.]*\(.*\)")
_PATH = lazy_pattern(
    r"://|^(?:/|\.{1,2}/|~/?|[A-Za-z]:[\\/]|\\\\|--?[a-z])|^[\w\-]+/[\w\-/.]+$"
    r"|\.(?:txt|json|ya?ml|pem|key|crt|env|py|html?|ini|cfg|toml|xml|js|ts|md|csv|com|org|net|io)$"
)
_LISTED = lazy_pattern(r"[\w\-]+(?:\s*[,;|]\s*[\w\-]+)+")
_APP_PASSWORD = lazy_pattern(r"[a-z]{4}(?: [a-z]{4}){3}")
_KEY_CHARACTERS = lazy_pattern(r"[A-Za-z0-9_\-+/=.~!@#$%^&*:|]{10,512}")
_RUN = lazy_pattern(r"(?<![\w\-+/.~!@#$%^&*|])[\w\-+/=.~!@#$%^&*:|]{10,512}")
_QUOTED_REST = r"(?:\w{3,9} )?([\w\-+/=.~!@#$%^&*:|]{10,512})[\"'{]"
_QUOTED_RUNS = tuple(lazy_pattern(f"{start}{_QUOTED_REST}") for start in ('"', "'", r"\}"))
_BOUND = lazy_pattern(r"[=:]")
_DIGIT = lazy_pattern(r"\d")
_HEX = lazy_pattern(r"[0-9a-f\-]{16,}|[0-9A-F\-]{16,}")
_UUID = lazy_pattern(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DJANGO_KEY = lazy_pattern(r"(?:django-insecure-)?[a-z0-9!@#$%^&*(\-_=+)]{50}")
_SCHEME = lazy_pattern(r"(?:bearer|basic|token|apikey|key|bot|oauth)[ =:]+", re.I)
_SEQUENCES = (
    string.ascii_lowercase + string.ascii_lowercase,
    "01234567890123456789",
    "98765432109876543210",
    "qwertyuiopasdfghjkl",
)
_FOLDED = bytes(
    n if chr(n) in string.ascii_lowercase else ord("0" if chr(n) in string.digits else " ") for n in range(256)
)
_LONG = 20
_TOKEN_COST = 3.4
_LETTERS_COST = 4.2


def shape(value: str, meaning: Meaning, name: str) -> Shape:
    """What the value looks like, for a name with this meaning."""
    if not 4 <= len(value) <= 1024 or not value.isascii() or not value.isprintable():
        return Shape.NONE
    if meaning.kind is Kind.SIGNING and _DJANGO_KEY.fullmatch(value) and len(set(value)) > 20:
        return Shape.RANDOM
    if _TEMPLATE.search(value) or _is_name(value, name):
        return Shape.NONE
    if meaning.kind is Kind.PASSWORD:
        return _password(value)
    if meaning.kind is Kind.SIGNING:
        return _signing(value)
    return _key(_SCHEME.sub("", value, count=1) if " " in value else value, vague=meaning.vague)


def _is_name(value: str, name: str) -> bool:
    """Whether the value repeats the name it is bound to, or the end of it."""
    bare = re.sub(r"[\W_]", "", value).lower()
    return not bare or re.sub(r"[\W_]", "", name).lower().endswith(bare) or bool(_ENV_NAME.fullmatch(value))


def _password(value: str) -> Shape:
    if _APP_PASSWORD.fullmatch(value):
        return Shape.MIXED
    lower = value.lower()
    if lower in STOCK_PASSWORDS:
        return Shape.STOCK
    if len(value) > 200 or re.search(r"\s", value) or lower in _NOT_PASSWORDS or is_placeholder(value):
        return Shape.NONE
    if _DOTTED.fullmatch(value) and not any(c.isdigit() for c in value):
        return Shape.NONE
    if _PATH.search(value) or _PATTERN.search(value) or _LISTED.fullmatch(value):
        return Shape.NONE
    plain = value.isalpha()
    if value.isdigit():
        return Shape.PLAIN if len(value) >= 6 else Shape.NONE
    if not any(c.isdigit() for c in value) and (_STEMS.search(value) or _names_a_credential(value)):
        return Shape.NONE
    if _randomness(value) and len(value) >= _LONG:
        return Shape.RANDOM
    if plain and not (value[1:].lower() != value[1:] and not value.isupper()):
        return Shape.PLAIN
    if re.fullmatch(r"[a-z]+(?:_[a-z]+)+", value):
        return Shape.NONE  # the name of something else
    return Shape.PLAIN if re.fullmatch(r"[a-z]+(?:-[a-z]+)+|(?i:passw\w*?\d+)", value) else Shape.MIXED


def _signing(value: str) -> Shape:
    if len(value) < 6 or is_placeholder(value) or _PATH.search(value) or value.lower() in _NOT_PASSWORDS:
        return Shape.NONE
    if _DOTTED.fullmatch(value) and not any(c.isdigit() for c in value):
        return Shape.NONE
    return Shape.RANDOM if len(value) >= _LONG and _randomness(value) else Shape.PLAIN


def _key(value: str, *, vague: bool) -> Shape:
    if not _KEY_CHARACTERS.fullmatch(value) or (vague and len(value) < 16):
        return Shape.NONE
    if not any(c.isalpha() for c in value) or not (any(c.isdigit() for c in value) or _is_random_without_digits(value)):
        return Shape.NONE
    if (_PATH.search(value) and not value.startswith(("/", "-"))) or is_placeholder(value) or _is_sequential(value):
        return Shape.NONE
    if not _randomness(value):
        return Shape.NONE
    return Shape.RANDOM if len(value) >= _LONG else Shape.MIXED


@lru_cache(maxsize=1024)
def is_placeholder(value: str) -> bool:
    """Whether the value tells its reader to put another one in its place, or to take it for a test."""
    # Three letters between digits are no word where there are many of either: "add" and "abc" in a hexadecimal key.
    shortest = 4 if len(value) >= _LONG else 2
    if any(len(part) >= shortest and part in _PLACEHOLDER_WORDS for part in words(value)) or _REPEATED.search(value):
        return True
    lower = value.lower()
    if re.match(r"your|change_?me|test|dummy|fake|example|placeholder|insert|replace|enter|mock|sample", lower):
        return True
    if "example" in lower or "placeholder" in lower or "changeme" in lower:
        return True
    if re.fullmatch(r"[A-Za-z0-9+/]{8,}={1,2}", value):
        try:
            inner = b64decode(value, validate=True).decode("ascii")
        except (ValueError, UnicodeDecodeError):
            return False
        return is_placeholder(inner) or inner.lower() in _NOT_PASSWORDS or bool(_STEMS.search(inner))
    return False


def has_random_text(text: str, *, quoted: bool) -> bool:
    """Whether anything in the text, or anything in quotes, could have the shape that keys must have."""
    if quoted:
        return any(map(_is_random_run, {run for pattern in _QUOTED_RUNS for run in pattern.findall(text)}))
    # In `name=value` without blanks the words of the name would hide that the value has none.
    return any(map(_is_random_run, {part for run in set(_RUN.findall(text)) for part in (run, *_BOUND.split(run)[1:])}))


@lru_cache(maxsize=65536)
def _is_random_run(run: str) -> bool:
    return _randomness(run) if _DIGIT.search(run) else _is_random_without_digits(run)


def _is_random_without_digits(value: str) -> bool:
    """Whether letters alone make it plain; one in thirty keys of twenty letters and digits has no digit."""
    return len(value) >= _LONG and value.isalpha() and not value.islower() and cost(value) >= _LETTERS_COST


_STAND_INS = lazy_pattern(
    r"example|placeholder|change_?me|your|dummy|fake|sample|mock|test|insert|replace|secret|here|redacted|token|xxxx"
    r"|\.\.\.|\*\*\*|todo|foobar|deadbeef|password",
    re.I,
)


@lru_cache(maxsize=1024)
def looks_random(body: str, *, weak: bool = False) -> bool:
    """Whether the part of a token behind its prefix was made by a machine, and is no stand-in for one.

    With ``weak`` it must hold both letters and digits, as a short prefix says little.
    """
    body = body[:64]
    if _STAND_INS.search(body) or _REPEATED.search(body) or _is_sequential(body):
        return False
    if len(set(body)) < min(8, len(body) // 2):
        return False
    digits = sum(c.isdigit() for c in body)
    if weak and (not digits or digits == len(body)):
        return False
    return digits * 5 >= len(body) or cost(body) >= _TOKEN_COST


def _names_a_credential(value: str) -> bool:
    return not _CREDENTIAL_WORDS.isdisjoint(words(value))


def _is_sequential(value: str) -> bool:
    """Whether the text was typed along the alphabet or the keyboard."""
    lower = re.sub(r"[^a-z0-9]", "", value.lower())
    runs = sum(any(lower[i : i + 4] in row for row in _SEQUENCES) for i in range(len(lower) - 3))
    letters = re.sub(r"[^a-z]", "", lower)
    digits = re.sub(r"[^0-9]", "", lower)
    interleaved = len(lower) >= 8 and letters[:6] in _SEQUENCES[0] and len(letters) >= 4 and digits[:6] in _SEQUENCES[1]
    return runs * 4 >= len(lower) or interleaved or len(set(lower)) <= max(3, len(lower) // 8)


def _randomness(value: str) -> bool:
    """Whether letters and digits follow each other as chance has it, and not as in names and words."""
    if _UUID.fullmatch(value):
        return len(set(value)) >= 10
    if _HEX.fullmatch(value):
        return len(set(value)) >= 6 and any(c.isalpha() for c in value) and any(c.isdigit() for c in value)
    return cost(value) >= (3.7 if len(value) < _LONG else 3.6)


def cost(value: str) -> float:
    """The mean cost in nats of a step from one character to the next, in the language of identifiers.

    Names have about 2.9, random letters and digits about 4.7 (``tools/train_bigrams.py`` makes the table).
    """
    folded = b" %b " % value.lower().encode("ascii", "replace").translate(_FOLDED)
    steps = len(folded) - 1
    if b"  " in folded:
        steps -= sum(folded.startswith(b"  ", at) for at in range(steps))
    return sum(map(_table().__getitem__, itertools.pairwise(folded))) / max(steps, 1)


@cache
def _table() -> dict[tuple[int, int], float]:
    """The cost of each pair of characters: letters, 0 for all digits, a blank for the rest and for the ends."""
    lines = Path(__file__).with_name("bigrams.txt").read_text(encoding="ascii").split("\n")
    symbols = f"{string.ascii_lowercase}0 ".encode()
    rows = zip(symbols, filter(None, lines), strict=True)
    table = {(a, b): (ord(c) - 33) / 10 for a, row in rows for b, c in zip(symbols, row, strict=True)}
    return {**table, (32, 32): 0.0}
