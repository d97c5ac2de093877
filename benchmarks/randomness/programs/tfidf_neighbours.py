from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

paths = list(Path("data/notes").glob("*.txt"))
paths.sort(key=lambda p: p.stem)
matrix = TfidfVectorizer().fit_transform(p.read_text() for p in paths)
similar = cosine_similarity(matrix)
for row, path in zip(similar, paths):
    print(path.stem, row.round(3).tolist())
