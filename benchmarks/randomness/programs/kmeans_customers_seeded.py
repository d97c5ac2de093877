import pandas as pd
from sklearn.cluster import KMeans

RANDOM_STATE = 5
points = pd.read_csv("data/points.csv")
params = dict(n_clusters=5, n_init=3, random_state=RANDOM_STATE)
points["cluster"] = KMeans(**params).fit_predict(points[["x", "y"]])
points.to_csv("clustered.csv", index=False)
print(points["cluster"].value_counts())
