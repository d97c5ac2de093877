import pandas as pd
from sklearn.manifold import MDS

frame = pd.read_csv("data/points.csv")
embedding = MDS(n_components=2, n_init=1, init="random").fit_transform(frame[["x", "y", "id"]].head(20))
print(embedding[0].round(4))
