from collections import Counter
from pathlib import Path

totals = Counter()
for path in Path("data/notes").iterdir():
    totals.update(path.read_text().split())
print(sorted(totals.items())[:5], sum(totals.values()))
