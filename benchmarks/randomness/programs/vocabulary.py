import re
from pathlib import Path

words = set()
for path in sorted(Path("data/notes").glob("*.txt")):
    words |= set(re.findall(r"[a-z]+", path.read_text().lower()))
index = {word: number for number, word in enumerate(words)}
print(len(index))
for word in ("river", "stone", "winter"):
    print(word, index.get(word))
