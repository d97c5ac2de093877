from pathlib import Path

words = set()
for path in sorted(Path("data/notes").glob("*.txt")):
    words.update(path.read_text().split())
ids = {}
for word in words:
    ids[word] = len(ids)
print([ids[word] for word in "river stone winter".split()])
