from pathlib import Path

words = set()
for path in Path("data/notes").glob("*.txt"):
    words.update(path.read_text().split())
ids = {word: number for number, word in enumerate(sorted(words))}
print([ids[word] for word in "river stone winter".split()])
