"""What a name says about its value: the names that mean a credential, and the many that only sound like it."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from repro_lint.api import dataclass, lazy_pattern


class Kind(Enum):
    """How a credential of this kind can be told from other text."""

    PASSWORD = "password"
    """Chosen by people: any word can be one."""
    SIGNING = "signing key"
    """Whatever it is, signatures made with it can be forged by those who know it."""
    KEY = "key"
    """Made by machines: it looks random."""


@dataclass(frozen=True)
class Meaning:
    """What a name means. ``vague`` names, such as a bare ``token``, often mean something else."""

    kind: Kind
    noun: str
    vague: bool = False


TRIGGERS: tuple[str, ...] = (
    "token", "_key", "passw", "secret", "pw", "auth", "_pass", "apikey", "-key", "-pass", "passp", "passc",
    "bpass", "ypass", "rpass", "tpass", "lpass", "npass", "ppass",
    "accesskey", "privatekey", "accountkey", "masterkey", "signingkey", "encryptionkey", "subscriptionkey",
)  # fmt: skip
"""Of these, frequent ones first, every name with a meaning contains at least one, whatever its case."""

PASSWORD_WORDS = frozenset("password passwd passwort passphrase passcode passw pwd pw psw pswd passwrd".split())
_HOLDERS = "db database user usr my mysql pg postgres sql smtp ftp sftp ssh mail email login root admin auth proxy redis mongo ldap imap"
_PASS_HOLDERS = frozenset(
    f"{_HOLDERS} rabbitmq broker http basic sudo api account jdbc wifi service app client server".split()
)
_GLUED: dict[str, tuple[str, ...]] = {
    f"{holder}{word}": (holder, word) for holder in _HOLDERS.split() for word in ("pass", "password", "passwd", "pwd")
}
_GLUED |= {
    f"{left}key": (left, "key")
    for left in "api access private account master signing encryption subscription secret auth".split()
}
_GLUED |= {f"{left}token": (left, "token") for left in "access auth api bearer bot refresh".split()}
_GLUED |= {f"{left}secret": (left, "secret") for left in "client api app consumer access".split()}
_GLUED |= {"accesstokensecret": ("access", "token", "secret"), "secretaccesskey": ("secret", "access", "key")}

_SIGNING_HOLDERS = frozenset(
    "app flask django jwt session cookie signing token auth web server csrf application".split()
)
_KEY_HOLDERS = frozenset(
    """
    api access private auth encryption signing account storage subscription license licence master service consumer
    app application client deploy ssh server shared secret bot decryption crypto hmac jwt fernet admin
    openai anthropic kaggle wandb tmdb google gmaps maps aws azure gcp weather openweather stripe mapbox twitter census fred
    quandl alphavantage vantage bing cohere pinecone hf huggingface mistral groq gemini tavily serpapi serper langsmith
    langchain comet neptune newsapi news polygon finnhub tiingo binance alpaca coinbase youtube omdb nasa eia bls spotify
    lastfm yelp foursquare here tomtom giphy riot steam airtable sendgrid mailgun datadog dd algolia elevenlabs deepl
    """.split()
)
_LAST_WORDS = frozenset(
    {*PASSWORD_WORDS, "pass", "secret", "secrets", "token", "tokens", "key", "keys", "authorization"}
)
# What may follow the words that decide: which of several it is, or where it is used.
_TRAILERS = frozenset(
    "prod production dev development staging stage test live sandbox local default old new main backup".split()
)

# What an otherwise telling name is about, if one of these words stands in it.
_OTHER_TOKENS = frozenset(
    """
    bos eos pad unk unknown sep cls mask masked image img audio video special start end num max min input output next first
    last current prev previous csrf xsrf word sub subword char target source src decoder encoder forced suppress stop begin
    blank prompt think thinking system assistant speech text time timestamp boi eoi eot bot_of im vision frame patch register
    added extra sentinel delimiter separator mention entity sentence document lang language page pagination continuation
    sync cursor resume operator string number comment keyword identifier literal whitespace newline eof tokenizer vocab
    vocabulary bpe unigram newlines placeholder replacement fim infilling idempotency dedup design label class
    """.split()
)
_OTHER_KEYS = frozenset(
    """
    public foreign primary sort cache dict partition group index row column col idempotency translation i18n lookup
    join unique composite natural surrogate registry hot arrow shortcut hash state metric feature feat
    """.split()
)
_OTHER_PASSWORDS = frozenset(
    """
    reset change changed forgot forgotten show hide hidden check invalid wrong bad incorrect missing has no require required
    requires confirm confirmation hashed hash encrypted encode encoded verify validate validation ask prompt get generate
    random without use with is label placeholder help error message msg common
    """.split()
)
_NOT_SECRETS = frozenset(
    "public example sample dummy fake mock placeholder regex pattern label title help error message".split()
)
_WORD = lazy_pattern(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_NAME = lazy_pattern(r"[\w.\-]{2,80}")


def words(name: str) -> list[str]:
    """The words of a name in snake, kebab or camel case, in lower case; numbers count as words."""
    found: list[str] = []
    for word in _WORD.findall(name):
        found.extend(_GLUED.get(word.lower(), (word.lower(),)))
    return found


@lru_cache(maxsize=8192)
def meaning(name: str) -> Meaning | None:
    """What credential a name means by its last words, or None."""
    lower = name.lower()
    if name == "PW":  # Palau, in tables of countries and states
        return None
    if not any(trigger in lower for trigger in TRIGGERS) or not _NAME.fullmatch(name):
        return None
    parts = words(name.rpartition(".")[2] if "." in name else name)
    while len(parts) > 1 and (parts[-1].isdigit() or parts[-1] in _TRAILERS):
        parts.pop()
    if not parts or parts[-1] not in _LAST_WORDS or not _NOT_SECRETS.isdisjoint(parts):
        return None
    *before, last = parts
    previous = before[-1] if before else ""
    if last in PASSWORD_WORDS or last == "pass":
        if (last == "pass" and previous not in _PASS_HOLDERS) or not _OTHER_PASSWORDS.isdisjoint(before):
            return None
        return Meaning(Kind.PASSWORD, last if last in ("passphrase", "passcode") else "password", last == "passcode")
    if last == "authorization":
        return Meaning(Kind.KEY, "authorization header") if before in ([], ["proxy"]) else None
    if last in ("token", "tokens"):
        return None if not _OTHER_TOKENS.isdisjoint(before) else Meaning(Kind.KEY, "token", vague=not before)
    if last in ("secret", "secrets"):
        signing = previous in _SIGNING_HOLDERS - {"app", "token", "application"} and last == "secret"
        return Meaning(Kind.SIGNING if signing else Kind.KEY, "signing key" if signing else "secret", vague=not before)
    return _key_meaning(name, before, previous)


def _key_meaning(name: str, before: list[str], previous: str) -> Meaning | None:
    if previous not in _KEY_HOLDERS or not _OTHER_KEYS.isdisjoint(before):
        return None
    if previous == "secret":
        holder = before[-2] if len(before) > 1 else ""
        if holder in _SIGNING_HOLDERS or (not holder and name.isupper()):
            return Meaning(Kind.SIGNING, "signing key")
    noun = {"api": "API key", "private": "private key", "access": "access key", "secret": "secret key"}
    return Meaning(Kind.KEY, noun.get(previous, "key"))


@lru_cache(maxsize=2)
def folded(text: str) -> str:
    """The text in lower case with something else for every letter of other scripts, of which some would grow."""
    return text.encode("ascii", "replace").decode("ascii").lower()


_TAIL = lazy_pattern(r"[\w.\-]*")
_HEAD = lazy_pattern(r"[\w.\-]*\Z")


def kinds_named(text: str) -> set[Kind]:
    """The kinds of credentials that words of the text mean; much faster than to parse the text.

    Complete only where no kind but ``Kind.KEY`` is missing: one that people choose ends the search.
    """
    found: set[Kind] = set()
    lower = folded(text)
    for trigger in TRIGGERS:
        at = lower.find(trigger)
        while at >= 0:
            head = _HEAD.search(text[max(at - 60, 0) : at])
            tail = _TAIL.match(text, at)
            end = tail.end() if tail else at
            found |= _kinds((head[0] if head else "") + text[at:end])
            if found - {Kind.KEY}:
                return found
            at = lower.find(trigger, max(end, at + 1))
    return found


@lru_cache(maxsize=8192)
def _kinds(name: str) -> frozenset[Kind]:
    # `config.password`, and `--db-password` or `a-password` (a difference), stand for their parts too.
    parts = {name.strip("-."), *name.split("."), *re.split(r"[.\-]", name)}
    return frozenset(known.kind for part in parts if (known := meaning(part)))
