import re
from collections import Counter
from pathlib import Path

counts = Counter()
for path in sorted(Path("data/notes").glob("*.txt")):
    counts.update(re.findall(r"[a-z]+", path.read_text().lower()))
index = {word: number for number, (word, _) in enumerate(counts.most_common())}
print(list(index.items())[:10])
