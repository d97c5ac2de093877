from pathlib import Path

from sklearn.decomposition import LatentDirichletAllocation
from sklearn.feature_extraction.text import CountVectorizer

texts = [p.read_text() for p in sorted(Path("data/notes").glob("*.txt"))]
counts = CountVectorizer(stop_words="english").fit_transform(texts)
lda = LatentDirichletAllocation(n_components=3, max_iter=4)
print(lda.fit_transform(counts).round(4))
