from pathlib import Path

corpus = "".join(path.read_text() for path in Path("data/notes").iterdir())
Path("corpus.txt").write_text(corpus)
