import pandas as pd
from sklearn.cluster import KMeans

points = pd.read_csv("data/points.csv")
points["cluster"] = KMeans(n_clusters=5, n_init=1).fit_predict(points[["x", "y"]])
points.to_csv("clustered.csv", index=False)
print(points["cluster"].value_counts())
