import json
import random
import time
from pathlib import Path


def load(path, attempts=3):
    for attempt in range(attempts):
        try:
            return Path(path).read_text()
        except OSError:
            time.sleep(random.uniform(0, 0.01) * 2**attempt)
    return ""


text = load("data/notes/river.txt")
missing = load("data/notes/absent.txt")
print(json.dumps({"words": len(text.split()), "missing": missing == ""}))
