from sklearn.datasets import load_iris
from sklearn.manifold import TSNE

X, _ = load_iris(return_X_y=True)
layout = TSNE(perplexity=10, init="random", max_iter=260).fit_transform(X[:60])
print(layout[:3])
