"""Where an order that is not fixed ends up, what sets hold, and where the clock decides: on small programs."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest
from tests.conftest import memory_project

from repro_lint.finding import Finding
from repro_lint.grades import Severity
from repro_lint.sources.python import PythonSource
from repro_lint_rules.randomness.hash_order_kinds import Kinds
from repro_lint_rules.randomness.hash_order_sources import salted_hashes, salted_sets
from repro_lint_rules.randomness.sinks import Shape, sink_names
from repro_lint_rules.randomness.taints import Taints
from repro_lint_rules.randomness.unordered_definitions import Definitions
from repro_lint_rules.randomness.unordered_listing.rule import UnorderedListing
from repro_lint_rules.randomness.unordered_listings import listing_names, listings
from repro_lint_rules.randomness.wall_clock_flow import ClockFlow, clock_names, clocks


def source_of(code: str) -> PythonSource:
    """The program in the text."""
    source = memory_project({"main.py": dedent(code)}).load(PythonSource, "main.py")
    assert source is not None
    assert not source.syntax_errors
    return source


def listed(code: str) -> list[str]:
    """The effects of the orders of all listings in the program."""
    source = source_of(code)
    taints = Taints(source, Definitions(source))
    return [sink.effect for call, shape in listings(source) for sink in taints.sinks(call, shape) if not sink.printed]


def hashed(code: str, printed: bool = False) -> list[str]:
    """The effects of the orders of all sets of texts, and of all hashes of texts."""
    source = source_of(code)
    definitions = Definitions(source)
    taints = Taints(source, definitions)
    found = [sink for made, _ in salted_sets(source, definitions) for sink in taints.sinks(made, Shape.SET)]
    found += [sink for _, sink in salted_hashes(source, definitions)]
    return [sink.effect for sink in found if sink.printed is printed]


def clocked(code: str) -> list[str]:
    """The effects of all clocks in the program."""
    source = source_of(code)
    flow = ClockFlow(source, Definitions(source))
    return [sink.effect for clock in clocks(source) for sink in flow.sinks(clock)]


LISTING = "import glob, os, random, shutil\nfrom pathlib import Path\nimport numpy as np\nimport pandas as pd\n"


@pytest.mark.parametrize(
    "code",
    [
        "names = os.listdir('d')\nlabels = {n: i for i, n in enumerate(names)}",
        "labels = dict(enumerate(os.listdir('d')))",
        "labels = dict(zip(os.listdir('d'), range(10)))",
        "label = 0\nlabels = {}\nfor n in os.listdir('d'):\n    labels[n] = label\n    label += 1",
        "labels = {}\nfor n in os.listdir('d'):\n    labels[n] = len(labels)",
        "y = []\nfor i, n in enumerate(os.listdir('d')):\n    for f in sorted(os.listdir(n)):\n        y.append(i)",
        "class_names = os.listdir('d')\ny = [class_names.index(n) for n in rows]",
        "train = glob.glob('*.png')[:100]\nmodel.fit(train)",
        "files = list(Path('d').iterdir())\ncut = int(len(files) * 0.8)\ntrain, test = files[:cut], files[cut:]",
        "files = [os.path.join('d', f) for f in os.listdir('d')]\nrandom.shuffle(files)",
        "files = np.array(glob.glob('*'))\nrng = np.random.default_rng(0)\nfiles = rng.permutation(files)",
        "from sklearn.model_selection import train_test_split\na, b = train_test_split(os.listdir('d'), random_state=0)",
        "X = []\nfor f in Path('d').glob('*.npy'):\n    X.append(np.load(f))\nX = np.stack(X)\nmodel.fit(X, y)",
        "X = np.zeros((9, 3))\nfor i, f in enumerate(os.listdir('d')):\n    X[i] = np.load(f)\nmodel.fit(X)",
        "frame = pd.DataFrame()\nfor f in os.listdir('d'):\n    frame = pd.concat([frame, pd.read_csv(f)])\nframe.to_csv('x')",
        "frame = pd.DataFrame({'file': os.listdir('d')})\nframe['fold'] = 0\nframe.iloc[:10].to_csv('a.csv')",
        "rows = {'name': []}\nfor f in os.listdir('d'):\n    rows['name'].append(f)\npd.DataFrame(rows).to_csv('x.csv')",
        "for i, f in enumerate(glob.glob('*.jpg')):\n    os.rename(f, f'image_{i}.jpg')",
        "def read(folder):\n    return [f for f in os.listdir(folder)]\nfiles = read('d')\nvalidation = files[:5]",
        "def read(folder):\n    return os.listdir(folder), 3\nfiles, n = read('d')\nrandom.shuffle(files)",
        "def read():\n    for f in os.listdir('d'):\n        yield f\nX = np.array(list(read()))\nmodel.fit(X)",
        "def split(files):\n    return files[:10], files[10:]\na, b = split(glob.glob('*'))",
        "class D:\n    def __init__(self):\n        self.f = os.listdir('d')\n    def __getitem__(self, i):\n        return load(self.f[i])",
        "for root, dirs, files in os.walk('d'):\n    for i, f in enumerate(files):\n        ids[f] = i",
        "paths = []\nfor root, dirs, files in os.walk('d'):\n    paths.extend(os.path.join(root, f) for f in files)\nrandom.shuffle(paths)",
        "X = []\nfor i, f in enumerate(os.listdir('d')):\n    if i >= 20:\n        break\n    X.append(read(f))",
        "a, b = [], []\nfor i, f in enumerate(Path('d').iterdir()):\n    if i % 5 == 0:\n        a.append(f)\n    else:\n        b.append(f)",
        "from itertools import islice\nfiles = list(islice(Path('d').iterdir(), 5))\nmodel.fit(files)",
        "from sklearn.model_selection import KFold\nfor a, b in KFold(5).split(os.listdir('d')):\n    use(a)",
        "s = 0.0\nfor f in os.listdir('d'):\n    s = 0.9 * s + 0.1 * size(f)",
        "names = [e.name for e in os.scandir('d')]\ntest = names[::5]",
        "import hashlib\nh = hashlib.md5()\nfor f in glob.glob('*'):\n    h.update(open(f, 'rb').read())",
        "data = {}\nfor f in os.listdir('d'):\n    data[f] = np.load(f)\nX = np.array(list(data.values()))\nmodel.fit(X)",
        "data = {f: np.load(f) for f in glob.glob('*')}\nindex = {f: i for i, f in enumerate(data)}",
        "names = next(os.walk('d'))[2]\nrandom.shuffle(names)",
        "_, _, names = next(os.walk('d'))\nrandom.shuffle(names)",
        "a, b = glob.glob('*.csv')\nx = pd.read_csv(a).merge(pd.read_csv(b))",
        "with open('list.txt', 'w') as f:\n    f.writelines(os.listdir('d'))",
        "import json\nfiles = os.listdir('d')\njson.dump(files, open('x.json', 'w'))",
        "text = ''\nfor f in glob.glob('*.txt'):\n    text += open(f).read()\nPath('all.txt').write_text(text)",
        "files = os.listdir('d')\nX = []\nfor i in range(len(files)):\n    X.append(np.load(files[i]))\nX = np.array(X)\nmodel.fit(X)",
        "data = [pd.read_csv(f) for f in glob.glob('*.csv')]\ndf = pd.concat(data)\ntrain = df.sample(frac=0.8, random_state=1)",
    ],
)
def test_listing_reaches_a_result(code: str) -> None:
    assert listed(LISTING + code)


@pytest.mark.parametrize(
    "code",
    [
        "names = sorted(os.listdir('d'))\nlabels = {n: i for i, n in enumerate(names)}",
        "names = os.listdir('d')\nnames.sort()\nlabels = {n: i for i, n in enumerate(names)}",
        "names = os.listdir('d')\nnames = sorted(names)\nrandom.shuffle(names)",
        "from natsort import natsorted\nfiles = natsorted(glob.glob('*'))\ntrain = files[:5]",
        "X = []\nfor f in glob.glob('*'):\n    X.append(f)\nX.sort()\nrandom.shuffle(X)",
        "n = len(os.listdir('d'))\nassert 'a' in os.listdir('d')\nnames = set(os.listdir('d'))\nlast = max(glob.glob('*'))",
        "for f in os.listdir('d'):\n    os.remove(f)\n    print(f)",
        "for i, f in enumerate(os.listdir('d')):\n    process(f)\n    if i % 10 == 0:\n        print(i)",
        "data = {}\nfor f in os.listdir('d'):\n    data[f] = pd.read_csv(f)\nfor f in sorted(data):\n    show(data[f])",
        "data = {f: np.load(f) for f in glob.glob('*')}",
        "print(os.listdir('d')[:5])",
        "s = 0\nfor f in os.listdir('d'):\n    s = s + os.path.getsize(f)\nprint(s)",
        "names = os.listdir('d')[::-1]\nprint(f'{len(names)} files: {names}')",
        "files = glob.glob('*.png')\nimage = imread(files[0])\nprint(image.shape)\nplt.imshow(image)",
        "sizes = []\nfor f in os.listdir('d'):\n    sizes.append(os.path.getsize(f))\nprint(np.mean(sizes), sum(sizes))",
        "df = pd.concat([pd.read_csv(f) for f in glob.glob('*')])\ndf = df.sort_values('day')\ndf.to_csv('x.csv')",
        "df = pd.concat([pd.read_csv(f) for f in glob.glob('*')])\ndf.sort_index(inplace=True)\ndf.to_csv('x.csv')",
        "df = pd.concat([pd.read_csv(f) for f in glob.glob('*')])\nprint(df.groupby('a').size(), df.shape)\ndf.head()",
        "[path] = glob.glob('*.csv')\ndf = pd.read_csv(path)",
        "files = glob.glob('*.csv')\nassert len(files) == 1\ndf = pd.read_csv(files[0])\ndf.to_csv('x')",
        "for root, dirs, files in os.walk('d'):\n    dirs.sort()\n    for i, f in enumerate(sorted(files)):\n        ids[f] = i",
        "def clean():\n    return sorted(os.listdir('d'))\nx = clean()[:3]",
        "class D:\n    def __init__(self):\n        self.f = os.listdir('d')\n        self.f.sort()\n    def __getitem__(self, i):\n        return self.f[i]",
        "stack = [Path('d')]\nwhile stack:\n    p = stack.pop()\n    stack.extend(p.iterdir())",
        "import re\nm = re.match('a', 'b')\nx = archive.glob\nlist(parser.walk(tree))[0]",
    ],
)
def test_listing_is_harmless(code: str) -> None:
    assert listed(LISTING + code) == []


@pytest.mark.parametrize(
    "code",
    [
        "words = 'a b'.split()\nindex = {w: i for i, w in enumerate(set(words))}",
        "words = set()\nfor line in open('x'):\n    words.add(line.strip())\nindex = dict(enumerate(words))",
        "vocabulary = set()\nfor line in open('x'):\n    vocabulary.update(line.split())\nids = {}\nfor w in vocabulary:\n    ids[w] = len(ids)",
        "def f(words: list[str]):\n    return list(set(words))\nfirst = f(['a', 'b'])[0]\nmodel.fit(first)",
        "def f(labels):\n    return {x: i for i, x in enumerate(set(labels))}\nf(['a', 'b'])",
        "import os\nfiles = list(set(os.listdir('d')) - {'x.txt'})\ntrain = files[:10]",
        "df = df[list({'a', 'b'} | {'c'})]\ndf.to_csv('x')",
        "x = ','.join({'a', 'b'})\nopen('x', 'w').write(x)",
        "import hashlib\nkey = hashlib.md5(' '.join(set('a b'.split())).encode())",
        "chosen = {'a', 'b'}.pop()\nresult[0] = chosen",
        "import random\nitem = random.choice(list({'a', 'b'}))",
        "import random\nrandom.seed(hash('abc'))",
        "fold = {n: hash(n) % 5 for n in ['a', 'b']}",
        "from datetime import date\ndays = {date(2020, 1, 1), date(2020, 1, 2)}\nfirst = list(days)[0]\nmodel.fit(first)",
        "extra = list({'x': 1, 'y': 2}.keys() - {'z': 1}.keys())\nmodel.fit(extra)",
        "from enum import Enum\nclass C(Enum):\n    A = 1\n    B = 2\nindex = {c: i for i, c in enumerate({C.A, C.B})}",
        "from enum import Enum\nclass C(Enum):\n    A = 1\nindex = {c: i for i, c in enumerate(set(C))}",
        "class P:\n    pass\npool = {P() for _ in range(3)}\nfirst = list(pool)[0]\nfirst.run()\nmodel.fit(first)",
        "pairs = {('a', 1), ('b', 2)}\nX = []\nfor p in pairs:\n    X.append(p)\nmodel.fit(X)",
    ],
)
def test_hash_order_reaches_a_result(code: str) -> None:
    assert hashed(code)


@pytest.mark.parametrize(
    "code",
    [
        "index = {w: i for i, w in enumerate(sorted({'a', 'b'}))}",
        "index = {w: i for i, w in enumerate(dict.fromkeys(['a', 'b']))}",
        "primes = {2, 3}\nindex = dict(enumerate(primes))",
        "def f(labels):\n    return {x: i for i, x in enumerate(set(labels))}",
        "one = list({'a'})[0]\nmodel.fit(one)",
        "df = df.drop(columns=list({'a', 'b'}))\nm = x in {'a', 'b'}",
        "def f(x):\n    return hash(x) % 5\nf(3)",
        "h = hash('a') == hash('b')",
        "class P:\n    def __hash__(self):\n        return 1\npool = {P() for _ in range(3)}\nmodel.fit(list(pool)[0])",
        "from enum import IntEnum\nclass C(IntEnum):\n    A = 1\nindex = {c: i for i, c in enumerate(set(C))}",
        "import json\ncounts = {w: 1 for w in {'a', 'b'}}\njson.dump(counts, file)\nbest = max(counts, key=counts.get)",
        "words = {'a', 'b'}\ncounts = {w: 0 for w in words}\nn = sum(len(w) for w in words)",
        "before = {d: 0 for d in {'a', 'b'}}\nx = next(d for d, n in before.items() if n == 0)\nmodel.fit(x)",
        "missing = {'a', 'b'} - set(df.columns)\nif missing:\n    raise ValueError(f'no {missing}')",
    ],
)
def test_hash_order_is_harmless(code: str) -> None:
    assert hashed(code) == []


def test_what_is_printed_is_told_apart() -> None:
    code = "tags = {'a', 'b'}\nfor tag in tags:\n    print(tag)\nprint(tags)\n"
    assert hashed(code) == []
    assert hashed(code, printed=True) == ["`print(tag)` prints them in that order"]


CLOCK = "import datetime, time\nimport pandas as pd\nimport numpy as np\n"


@pytest.mark.parametrize(
    "code",
    [
        "df['age'] = datetime.datetime.now().year - df['born'].dt.year",
        "df = df[df.date < pd.Timestamp.now()]",
        "cutoff = pd.to_datetime('today') - pd.DateOffset(months=3)\nrecent = df.loc[df['date'] > cutoff]",
        "days = pd.date_range('2020-01-01', datetime.date.today())",
        "import pandas_datareader.data as web\nend = datetime.datetime.now()\nx = web.DataReader('A', 'yahoo', None, end)",
        "df = pd.read_csv('data_{}.csv'.format(datetime.date.today()))",
        "df = pd.read_csv('data_' + time.strftime('%Y%m%d') + '.csv')",
        "now = np.datetime64('now')\ndf['days'] = (now - df['start']) / np.timedelta64(1, 'D')",
        "def last(end=datetime.date.today()):\n    return df[df['d'] <= end]\nlast()",
        "df['end'] = df['end'].fillna(pd.Timestamp.today())",
        "today = datetime.date.today()\nx = prices[today - datetime.timedelta(days=3):today]",
    ],
)
def test_clock_decides(code: str) -> None:
    assert clocked(CLOCK + code)


@pytest.mark.parametrize(
    "code",
    [
        "t = time.time()\nwork()\nprint(time.time() - t)\ndf['seconds'] = time.time() - t",
        "df.to_csv(f'out_{datetime.date.today()}.csv')",
        "name = f'{datetime.datetime.now()}.log'\nopen(name, 'w').write('x')\nopen(name).read()",
        "df['scraped'] = datetime.datetime.now()",
        "age = time.time() - metadata['time']\nif age > 60:\n    refresh()",
        "year = datetime.date.today().year\nprint(f'(c) {year}')",
        "if time.time() - state['last'] > 60:\n    refresh()",
        "d = pd.to_datetime('2020-01-01') - df['x']",
        "deadline = datetime.datetime.now() + datetime.timedelta(hours=1)\nwhile datetime.datetime.now() < deadline:\n    step()",
        "now = datetime.datetime.now()\nnow.year, now.month",
    ],
)
def test_clock_is_harmless(code: str) -> None:
    assert clocked(CLOCK + code) == []


def kind_of(code: str) -> str | None:
    """The kind of the last expression of the program."""
    source = source_of(code)
    last = source.tree.body[-1]
    assert isinstance(last, ast.Expr)
    kind = Kinds(source, Definitions(source)).of(last.value)
    return None if kind is None else f"{kind.name}:{kind.item.name if kind.item else None}"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("'a'.split()", "list:text"),
        ("[w.lower() for l in open('x') for w in l.split()]", "list:text"),
        ("{1, 2} | set()", "set:number"),
        ("set(unknown)", "set:None"),
        ("set(df.columns) - {'a'}", "set:text"),
        ("dict(a=1)", None),
        ("{k: v for k, v in zip('ab', [1, 2])}", "dict:text"),
        ("for i, w in enumerate(['a']):\n    pass\nw", "text:None"),
        ("for k, v in {'a': 1}.items():\n    pass\nv", "number:None"),
        ("class A:\n    def __init__(self):\n        self.name = 'x'\na.name", "text:None"),
        ("def f() -> set[str]: ...\nf()", "set:text"),
        ("x = x or y\nx", None),
    ],
)
def test_kinds(code: str, kind: str | None) -> None:
    assert kind_of(code) == kind


def test_knowledge_has_no_contradictions() -> None:
    sinks = sink_names()
    assert sinks["printing"] <= sinks["showing"]
    assert sinks["keeping"].isdisjoint(sinks["collecting"] | sinks["showing"] | sinks["drawing"])
    known = listing_names()["functions"]
    assert known["lists"].isdisjoint(known["walks"])
    clock = clock_names()
    assert clock["fetching"].isdisjoint(clock["reading"] | clock["writing"])


def test_long_programs_end() -> None:
    chain = "\n".join(f"x{i + 1} = x{i} + x{i}" for i in range(3000))
    code = f"import os\nx0 = os.listdir('d')\n{chain}\nx3000[0]"
    assert listed(code) == []


@pytest.mark.parametrize(
    ("code", "severities"),
    [
        ("x = pd.read_csv(glob.glob('a/*.csv')[0])", [Severity.NOTE]),
        ("names = glob.glob('a/*.csv')\nx = pd.read_csv(names[-1])", [Severity.NOTE]),
        ("x = pd.read_csv(next(Path('a').glob('*.csv')))", [Severity.NOTE]),
        ("names = glob.glob('a/*.csv')\nx = pd.read_csv(names[-1])\nmodel.fit(names[3:])", [Severity.WARNING]),
        ("x = pd.read_csv(os.listdir('a')[0])", [Severity.WARNING]),
        ("root, _, files = list(os.walk('a'))[0]\nx = pd.read_csv(root)", []),
        ("root, _, files = list(os.walk('a'))[0]\nx = pd.read_csv(files[0])", [Severity.WARNING]),
        ("x = pd.read_csv(list(os.walk('a'))[1])", [Severity.WARNING]),
    ],
)
def test_one_that_matches_may_be_the_only_one(code: str, severities: list[Severity]) -> None:
    start = "import glob, os\nimport pandas as pd\nfrom pathlib import Path\n"
    found = UnorderedListing().check(source_of(f"{start}{code}\nmodel.fit(x)\n"))
    assert [finding.severity for finding in found if isinstance(finding, Finding)] == severities


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("info = {'date': datetime.now(), 'score': s}\nx = df[df['score'] > info['score']]", 0),
        ("info = {'date': datetime.now(), 'score': s}\nx = df[df['day'] > info['date']]", 1),
        ("info = {'end': datetime.now()}\nx = requests.get(url, params=info)", 1),
        ("x = requests.get(url, params={'end': datetime.now()})", 1),
        ("self.info = {'date': datetime.now()}\nx = df[df['day'] > self.info['end']]", 0),
        ("start = datetime.strptime(text, '%Y')\nx = (datetime.now() - start).total_seconds()", 0),
        ("start = datetime.strptime(text, '%Y')\nleft = datetime.now() - start\nx = left.seconds", 0),
        ("start = datetime.strptime(text, '%Y')\nleft = datetime.now() - start\nx = left.days, left.seconds", 1),
        ("x = (datetime.now() - df['day']).dt.total_seconds()", 1),
        ("folder = f'runs/{datetime.now()}'\ntrain(folder)\nx = pd.read_csv(folder + '/scores.csv')", 0),
        ("name = f'{datetime.now()}.csv'\nif os.path.exists(name):\n    x = pd.read_csv(name)", 1),
    ],
)
def test_what_the_clock_decides(code: str, count: int) -> None:
    start = "import os, requests\nimport pandas as pd\nfrom datetime import datetime\n"
    assert len(clocked(start + code + "\n")) == count


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("encoder = LabelEncoder()\nencoder.fit(list({'a', 'b'}))", 0),
        ("encoder = SomethingElse()\nencoder.fit(list({'a', 'b'}))", 1),
        ("self.scaler = prep.OneHotEncoder()\nself.scaler.fit(np.array(list({'a', 'b'})))", 0),
        ("codes = LabelEncoder().fit_transform(list({'a', 'b'}))", 0),
        ("model.fit(list({'a', 'b'}))", 1),
    ],
)
def test_encoders_sort_what_they_find(code: str, count: int) -> None:
    assert len(hashed(f"import numpy as np\n{code}\n")) == count


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("if token['ttl'] < datetime.now():\n    stop()", 0),
        ("x = df[df['expires_at'] > datetime.now()]", 1),
        ("day = datetime.strptime(text, '%Y')\ndays_stale = (datetime.now() - day).days", 0),
        ("backup_date = datetime.strptime(text, '%Y')\nx = (datetime.now() - backup_date).days", 0),
        ("day = datetime.strptime(text, '%Y')\nage = (datetime.now() - day).days", 1),
    ],
)
def test_what_a_program_keeps_up_is_no_data(code: str, count: int) -> None:
    assert len(clocked(f"import pandas as pd\nfrom datetime import datetime\n{code}\n")) == count


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("for i in range(9):\n    stat(np.array([load(n) for n in names[i * 4 : i * 4 + 4]]))", 0),
        ("for i in range(9):\n    model.fit([load(n) for n in names[i * 4 : i * 4 + 4]])", 1),
        ("for i in range(9):\n    model.fit(names[:4])", 1),
        ("def part(i):\n    return stat(names[i * 4 : i * 4 + 4])", 1),
    ],
)
def test_batches_of_a_loop(code: str, count: int) -> None:
    assert len(listed(f"import os\nimport numpy as np\nnames = os.listdir('a')\n{code}\n")) == count


def test_what_is_divided_is_not_drawn() -> None:
    (effect,) = listed("import os\nchunks = splitter.split([read(n) for n in os.listdir('a')])\n")
    assert effect.endswith("divides them in that order")


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("x = sorted(set(text.split()), key=len)\nmodel.fit(x)", 1),
        ("x = sorted(set(text.split()), key=lambda w: -counts[w])\nmodel.fit(x)", 1),
        ("x = sorted(set(text.split()), key=words.count)\nmodel.fit(x)", 1),
        ("x = sorted(set(text.split()), key=lambda w: (len(w), w))\nmodel.fit(x)", 0),
        ("x = sorted(set(text.split()), key=str.lower)\nmodel.fit(x)", 0),
        ("x = sorted(set(text.split()))\nmodel.fit(x)", 0),
    ],
)
def test_a_key_that_many_share_leaves_the_order(code: str, count: int) -> None:
    assert len(hashed(code + "\n")) == count


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("names = 'row' + frame['id'].astype(str)\nx = names.map(lambda name: hash(name) % 4)", 1),
        ("x = frame['id'].astype('str').apply(lambda name: hash(name) % 4)", 1),
        ("x = map(lambda name: hash(name) % 4, ['a', 'b'])", 1),
        ("x = frame['id'].astype(int).map(lambda name: hash(name) % 4)", 0),
        ("x = frame.apply(lambda row: hash(row) % 4)", 0),
    ],
)
def test_hashes_of_what_a_column_holds(code: str, count: int) -> None:
    source = source_of(code)
    assert len(list(salted_hashes(source, Definitions(source)))) == count
