import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.cluster import DBSCAN, AgglomerativeClustering

points = pd.read_csv("data/points.csv")[["x", "y"]]
tree = linkage(points, "ward")
print(fcluster(tree, 4, criterion="maxclust"))
print(AgglomerativeClustering(4).fit_predict(points))
print(DBSCAN(eps=1.2).fit_predict(points))
