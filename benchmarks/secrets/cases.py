"""Labelled cases, made anew in each run: tokens, connection strings, and names with values in many syntaxes."""

from __future__ import annotations

import json
import random
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from benchmarks.secrets.providers import FORMS, characters, token

WORDS = """
harbour tulip meadow copper saddle winter orchid bridge pepper falcon amber cactus velvet rocket lantern
""".split()


@dataclass(frozen=True)
class Case:
    """One small file, and whether a secret stands in it."""

    group: str
    kind: str
    path: str
    text: str
    secret: bool


# Where a value can stand: the name of a file and a text with NAME and VALUE.
CONFIGURATION = {
    "yaml": ("config.yml", "service:\n  NAME: VALUE\n  retries: 3\n"),
    "yaml quoted": ("config.yaml", 'service:\n  NAME: "VALUE"\n'),
    "yaml list of variables": ("deploy.yaml", "env:\n  - name: NAME\n    value: VALUE\n"),
    "json": ("settings.json", '{"retries": 3, "NAME": "VALUE"}\n'),
    "toml": ("app.toml", '[service]\nNAME = "VALUE"\n'),
    "ini": ("app.ini", "[service]\nNAME = VALUE\n"),
    "ini quoted": ("app.cfg", '[service]\nNAME="VALUE"\n'),
    "env": (".env", "DEBUG=1\nNAME=VALUE\n"),
    "properties": ("app.properties", "retries=3\nNAME=VALUE\n"),
    "xml element": ("config.xml", "<service>\n  <NAME>VALUE</NAME>\n</service>\n"),
    "xml attribute": ("beans.xml", '<service>\n  <property name="NAME" value="VALUE"/>\n</service>\n'),
    "shell": ("run.sh", "#!/bin/sh\nexport NAME=VALUE\npython train.py\n"),
    "shell quoted": ("start.sh", "#!/bin/sh\nNAME='VALUE'\n"),
    "dockerfile": ("Dockerfile", "FROM python:3.11\nENV NAME=VALUE\n"),
    "terraform": ("main.tf", 'provider "x" {\n  NAME = "VALUE"\n}\n'),
    "terraform default": ("variables.tf", 'variable "NAME" {\n  type    = string\n  default = "VALUE"\n}\n'),
    "javascript": ("config.js", "module.exports = {\n  retries: 3,\n  NAME: 'VALUE',\n};\n"),
    "javascript constant": ("app.js", 'const NAME = "VALUE";\n'),
    "typescript": ("app.ts", 'export const NAME: string = "VALUE";\n'),
    "java": ("App.java", 'class App {\n  private static final String NAME = "VALUE";\n}\n'),
    "go": ("main.go", 'package main\n\nvar NAME = "VALUE"\n'),
    "r": ("load.R", 'NAME <- "VALUE"\n'),
}
PYTHON = {
    "assignment": 'NAME = "VALUE"\n',
    "single quotes": "NAME = 'VALUE'\n",
    "annotated": 'NAME: str = "VALUE"\n',
    "attribute": 'class A:\n    def __init__(self):\n        self.NAME = "VALUE"\n',
    "class attribute": 'class Settings:\n    NAME = "VALUE"\n',
    "keyword": 'client = connect(host, NAME="VALUE")\n',
    "dict": 'options = {"host": host, "NAME": "VALUE"}\n',
    "dict call": 'options = dict(host=host, NAME="VALUE")\n',
    "default parameter": 'def load(path, NAME="VALUE"):\n    return path\n',
    "keyword-only default": 'def load(path, *, NAME="VALUE"):\n    return path\n',
    "comparison": 'if NAME == "VALUE":\n    run()\n',
    "subscript": 'config["NAME"] = "VALUE"\n',
    "environ": 'import os\n\nos.environ["NAME"] = "VALUE"\n',
    "environ default": 'import os\n\nvalue = os.environ.get("NAME", "VALUE")\n',
    "getenv or": 'import os\n\nNAME = os.getenv("NAME") or "VALUE"\n',
    "setdefault": 'import os\n\nos.environ.setdefault("NAME", "VALUE")\n',
    "f-string": 'NAME = f"VALUE"\n',
    "concatenation": 'NAME = "HEAD" + "TAIL"\n',
    "adjacent": 'NAME = (\n    "HEAD"\n    "TAIL"\n)\n',
    "bytes": 'NAME = b"VALUE"\n',
    "triple quotes": 'NAME = """VALUE"""\n',
    "walrus": 'if (NAME := "VALUE"):\n    run()\n',
    "tuple": 'user, NAME = "anna", "VALUE"\n',
    "encoded": 'NAME = "VALUE".encode()\n',
    "argparse": 'parser.add_argument("--NAME", default="VALUE")\n',
    "field": 'class S(BaseSettings):\n    NAME: str = Field(default="VALUE")\n',
    "secret type": 'class S(BaseSettings):\n    NAME = SecretStr("VALUE")\n',
    "conditional": 'NAME = "VALUE" if local else read()\n',
    "set attribute": 'setattr(client, "NAME", "VALUE")\n',
    "widget": 'spark.conf.set("spark.NAME", "VALUE")\n',
}
PASSWORD_NAMES = (
    "password passwd db_password DB_PASSWORD DB_PASS pwd user_password mysqlPassword smtp_password admin_passwd "
    "passphrase PGPASSWORD ftp_pass rootPassword"
).split()
KEY_NAMES = (
    "api_key API_KEY apiKey secret_key SECRET_KEY client_secret CLIENT_SECRET access_token auth_token private_key "
    "aws_secret_key openai_api_key consumer_secret bot_token encryption_key apikey secret GITHUB_TOKEN"
).split()


def passwords(source: random.Random) -> str:
    """A password as people choose them."""
    one, two = source.sample(WORDS, 2)
    return source.choice(
        [
            f"{one}{two.title()}{source.randint(10, 99)}",
            f"{one.title()}{source.randint(1960, 2024)}{source.choice('!$?')}",
            f"{one[:4]}{source.choice('@#!')}{two}{source.randint(1, 9)}",
            characters("base62", 12, source),
            f"{one}{source.randint(100, 999)}",
            f"{characters('lower', 4, source)}{source.randint(10, 99)}{characters('upper', 4, source)}",
        ]
    )


def keys(source: random.Random) -> str:
    """A key as machines make them."""
    kind, count = source.choice(
        [("hex", 32), ("hex", 40), ("hex", 64), ("base62", 24), ("base62", 32), ("base62", 40), ("url64", 43)]
    )
    return characters(kind, count, source)


def filled(template: str, name: str, value: str) -> str:
    """The template with the name and the value."""
    half = len(value) // 2
    parts = {"NAME": name, "VALUE": value, "HEAD": value[:half], "TAIL": value[half:]}
    for part, text in parts.items():
        template = template.replace(part, text)
    return template


def structural(source: random.Random) -> Iterator[Case]:
    """Tokens of providers in every syntax, with names that say nothing."""
    places = list(CONFIGURATION.values())
    places += [("work.py", text) for text in PYTHON.values() if "HEAD" not in text]
    places += [("work.py", "# VALUE\n"), ("work.py", 'requests.get(url, headers={"X-Auth": "VALUE"})\n')]
    places += [("notes.md", "Use `VALUE` there.\n"), ("run.sh", 'curl -H "Authorization: Bearer VALUE" host\n')]
    blocks = [("key.pem", "VALUE\n"), ("work.py", 'NAME = """VALUE"""\n'), ("config.yml", "NAME: |\n  VALUE\n")]
    for kind, forms in FORMS.items():
        for _ in range(12):
            value = token(source.choice(forms), source)
            path, text = source.choice(blocks if kind == "private key" else places)
            if path == "config.yml":
                value = value.replace("\n", "\n  ")
            yield Case("structural", kind, path, filled(text, "entry", value), True)


ADDRESS_PLACES = [
    ("work.py", 'address = "VALUE"\n'),
    ("work.py", 'run("VALUE", 3)\n'),
    ("config.yml", 'address: "VALUE"\n'),
    ("settings.json", '{"address": "VALUE"}\n'),
    (".env", "ADDRESS=VALUE\n"),
    ("run.sh", 'ADDRESS="VALUE"\n'),
    ("app.properties", "address=VALUE\n"),
]
HEADER_PLACES = [
    ("work.py", 'headers = {"Authorization": "Basic VALUE"}\n'),
    ("run.sh", 'curl -H "Authorization: Basic VALUE" host\n'),
    ("config.yml", 'header: "Authorization: Basic VALUE"\n'),
]


def connections(source: random.Random) -> Iterator[Case]:
    """Connection strings with a password, and the files that programs keep log-ins in."""
    for _ in range(30):
        password, user, host = passwords(source), source.choice(WORDS), f"{source.choice(WORDS)}.internal.net"
        for kind, text in addresses(source, user, password, host).items():
            path, template = source.choice(ADDRESS_PLACES)
            yield Case("connection", kind, path, template.replace("VALUE", text), True)
        basic = b64encode(f"{user}:{password}".encode()).decode()
        path, template = source.choice(HEADER_PLACES)
        yield Case("connection", "basic auth", path, template.replace("VALUE", basic), True)
        for kind, path, text in files(source, user, password, host, basic):
            yield Case("connection", kind, path, text, True)


def addresses(source: random.Random, user: str, password: str, host: str) -> dict[str, str]:
    """Connection strings by their kind."""
    encoded = quote(password, safe="")
    login = f"user={user}&password={password}"
    jdbc = [
        f"jdbc:postgresql://{host}:5432/sales?{login}",
        f"jdbc:mysql://{host}/sales?{login}",
        f"jdbc:sqlserver://{host}:1433;databaseName=sales;user={user};password={password};",
    ]
    odbc = [
        f"Driver={{ODBC Driver 17 for SQL Server}};Server={host};Database=sales;Uid={user};Pwd={password};",
        f"Server={host};Database=sales;User Id={user};Password={password};",
        f"DSN=sales;UID={user};PWD={password}",
    ]
    postgres = source.choice(["postgres", "postgresql", "postgresql+psycopg2"])
    mysql = source.choice(["mysql", "mysql+pymysql", "mariadb"])
    mongo = source.choice(["mongodb", "mongodb+srv"])
    return {
        "postgres": f"{postgres}://{user}:{encoded}@{host}:5432/sales",
        "mysql": f"{mysql}://{user}:{encoded}@{host}/sales",
        "mongodb": f"{mongo}://{user}:{encoded}@{host}/?retryWrites=true",
        "redis": f"redis://:{encoded}@{host}:6379/0",
        "jdbc": source.choice(jdbc),
        "odbc": source.choice(odbc),
        "uri": f"https://{user}:{encoded}@{host}/simple",
        "libpq": f"host={host} dbname=sales user={user} password={password}",
    }


def files(source: random.Random, user: str, password: str, host: str, basic: str) -> Iterator[tuple[str, str, str]]:
    """The kind, the path and the text of each file."""
    machine = source.choice(
        [
            f"machine {host} login {user} password {password}\n",
            f"machine {host}\n  login {user}\n  password {password}\n",
            f"default login {user} password {password}\n",
        ]
    )
    yield "netrc", source.choice([".netrc", "_netrc"]), machine
    pypirc = f"[own]\nrepository: https://{host}/\nusername: {user}\npassword: {password}\n"
    yield "pypirc", ".pypirc", f"[distutils]\nindex-servers = own\n\n{pypirc}"
    pair = f"AKIA{characters('base32', 16, source)}\naws_secret_access_key = {characters('base64', 40, source)}"
    yield "aws credentials", ".aws/credentials", f"[default]\naws_access_key_id = {pair}\n"
    yield "kaggle.json", "kaggle.json", json.dumps({"username": user, "key": characters("hex", 32, source)})
    yield "docker config", "config.json", json.dumps({"auths": {host: {"auth": basic}}})
    data = b64encode(password.encode()).decode()
    kubernetes = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ntype: Opaque\ndata:\n"
    yield "kubernetes secret", "secret.yaml", f"{kubernetes}  password: {data}\n"
    yield "pgpass", ".pgpass", f"{host}:5432:sales:{user}:{password}\n"


def named(source: random.Random) -> Iterator[Case]:
    """Names of credentials with values that could be ones."""
    for kind, text in PYTHON.items():
        for names, values in ((PASSWORD_NAMES, passwords), (KEY_NAMES, keys)):
            for _ in range(8):
                yield Case("python", kind, "work.py", filled(text, source.choice(names), values(source)), True)
    for kind, (path, text) in CONFIGURATION.items():
        for names, values in ((PASSWORD_NAMES, passwords), (KEY_NAMES, keys)):
            for _ in range(6):
                yield Case("configuration", kind, path, filled(text, source.choice(names), values(source)), True)
