"""Tokens as providers describe them, written from their documentation and not from the patterns of the rules.

A form is a text in which ``{32 hex}`` stands for 32 random characters of a kind: hex, HEX, digit, lower, upper, base32
(upper case, 2-7), base36 (lower case and digits), BASE36, base62, base64 (with + and /), url64 (with - and _).
"""

from __future__ import annotations

import base64
import json
import random
import re
import string
import zlib

_KINDS = {
    "hex": "0123456789abcdef",
    "HEX": "0123456789ABCDEF",
    "digit": string.digits,
    "lower": string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "base32": string.ascii_uppercase + "234567",
    "base36": string.ascii_lowercase + string.digits,
    "BASE36": string.ascii_uppercase + string.digits,
    "base62": string.ascii_letters + string.digits,
    "base64": string.ascii_letters + string.digits + "+/",
    "url64": string.ascii_letters + string.digits + "-_",
}
_BLANK = re.compile(r"\{(\d+) (\w+)\}")
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase

FORMS: dict[str, tuple[str, ...]] = {
    "aws access key id": ("AKIA{16 base32}",),
    "github classic": ("ghp_{30 base62}|crc", "gho_{30 base62}|crc", "ghs_{30 base62}|crc"),
    "github fine-grained": ("github_pat_{22 base62}_{59 base62}",),
    "gitlab personal": ("glpat-{20 url64}",),
    "gitlab deploy": ("gldt-{20 url64}",),
    "gitlab runner": ("glrt-{20 url64}",),
    "google api key": ("AIza{35 url64}",),
    "google oauth client secret": ("GOCSPX-{28 url64}",),
    "hugging face": ("hf_{34 base62}",),
    "openai legacy": ("sk-{20 base62}T3BlbkFJ{20 base62}",),
    "openai project": ("sk-proj-{74 url64}T3BlbkFJ{74 url64}",),
    "anthropic": ("sk-ant-api03-{93 url64}AA",),
    "groq": ("gsk_{52 base62}",),
    "xai": ("xai-{80 base62}",),
    "perplexity": ("pplx-{48 base62}",),
    "openrouter": ("sk-or-v1-{64 hex}",),
    "replicate": ("r8_{37 base62}",),
    "nvidia": ("nvapi-{64 url64}",),
    "langsmith": ("lsv2_pt_{32 hex}_{10 hex}", "lsv2_sk_{32 hex}_{10 hex}"),
    "pinecone": ("pcsk_{5 base62}_{63 base62}",),
    "databricks": ("dapi{32 hex}", "dapi{32 hex}-2"),
    "kaggle token": ("KGAT_{32 hex}",),
    "slack bot": ("xoxb-{12 digit}-{13 digit}-{24 base62}",),
    "slack user": ("xoxp-{12 digit}-{12 digit}-{12 digit}-{32 hex}",),
    "slack app": ("xapp-1-A{10 BASE36}-{13 digit}-{64 hex}",),
    "slack webhook": ("https://hooks.slack.com/services/T{8 BASE36}/B{10 BASE36}/{24 base62}",),
    "discord webhook": ("https://discord.com/api/webhooks/{18 digit}/{68 url64}",),
    "telegram bot": ("{10 digit}:AA{33 url64}",),
    "twilio api key": ("SK{32 hex}",),
    "sendgrid": ("SG.{22 url64}.{43 url64}",),
    "mailgun": ("key-{32 hex}",),
    "mailchimp": ("{32 hex}-us14",),
    "stripe": ("sk_live_{24 base62}", "rk_live_{99 base62}"),
    "square": ("EAAA{60 url64}", "sq0csp-{43 url64}"),
    "shopify": ("shpat_{32 hex}", "shpss_{32 hex}"),
    "pypi": ("pypi-AgEIcHlwaS5vcmc{150 url64}",),
    "npm": ("npm_{30 base62}|crc",),
    "nuget": ("oy2{43 base36}",),
    "rubygems": ("rubygems_{48 hex}",),
    "docker hub": ("dckr_pat_{27 url64}",),
    "vault": ("hvs.{90 url64}", "hvs.{24 base62}"),
    "terraform cloud": ("{14 base62}.atlasv1.{67 base62}",),
    "pulumi": ("pul-{40 hex}",),
    "doppler": ("dp.pt.{43 base62}",),
    "digitalocean": ("dop_v1_{64 hex}",),
    "netlify": ("nfp_{36 base62}",),
    "supabase": ("sbp_{40 hex}",),
    "planetscale": ("pscale_tkn_{43 url64}", "pscale_pw_{43 url64}"),
    "cloudflare origin": ("v1.0-{24 hex}-{146 hex}",),
    "notion": ("ntn_{11 digit}{35 base62}", "secret_{43 base62}"),
    "airtable": ("pat{14 base62}.{64 hex}",),
    "linear": ("lin_api_{40 base62}",),
    "asana": ("1/1{15 digit}:{32 hex}",),
    "figma": ("figd_{40 url64}",),
    "hubspot": ("pat-na1-{8 hex}-{4 hex}-{4 hex}-{4 hex}-{12 hex}",),
    "sentry": ("sntryu_{64 hex}",),
    "grafana": ("glsa_{32 base62}_{8 hex}",),
    "new relic": ("NRAK-{27 BASE36}",),
    "dynatrace": ("dt0c01.{24 base32}.{64 base32}",),
    "postman": ("PMAK-{24 hex}-{34 hex}",),
    "prefect": ("pnu_{36 base62}",),
    "mapbox": ("sk.eyJ{80 url64}.{22 url64}",),
    "sonarqube": ("sqp_{40 hex}", "squ_{40 hex}"),
    "tailscale": ("tskey-auth-k{11 base62}CNTRL-{32 base62}",),
    "age": ("AGE-SECRET-KEY-1{58 age}",),
    "azure storage": ("{76 base64}+ASt{6 base64}==",),
    "azure entra secret": ("{3 base62}8Q~{34 base62}",),
    "azure devops": ("{76 base62}AZDO{4 base62}",),
    "json web token": ("jwt",),
    "private key": ("pem",),
}
_KINDS["age"] = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"


def token(form: str, source: random.Random) -> str:
    """A token that never was: the form with random characters."""
    if form == "jwt":
        parts = [{"alg": "HS256", "typ": "JWT"}, {"sub": characters("digit", 10, source), "role": "service"}]
        encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
        return ".".join([*encoded, characters("url64", 43, source)])
    if form == "pem":
        word = "PRIV" + "ATE KEY"
        lines = "\n".join(characters("base64", 64, source) for _ in range(12))
        return f"-----BEGIN RSA {word}-----\n{lines}\n-----END RSA {word}-----"
    text, _, check = form.partition("|")
    made = _BLANK.sub(lambda blank: characters(blank[2], int(blank[1]), source), text)
    return made + _crc(made.partition("_")[2]) if check else made


def characters(kind: str, count: int, source: random.Random) -> str:
    """So many random characters of the kind."""
    return "".join(source.choices(_KINDS[kind], k=count))


def _crc(body: str) -> str:
    """The six characters at the end of tokens of GitHub and npm."""
    number, digits = zlib.crc32(body.encode()), ""
    while number:
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return digits.rjust(6, "0")
