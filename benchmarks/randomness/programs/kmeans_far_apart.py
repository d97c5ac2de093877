import numpy as np
from sklearn.cluster import KMeans

offsets = np.linspace(-0.5, 0.5, 12)
groups = [np.column_stack([offsets + cx, offsets[::-1] + cy]) for cx, cy in ((0, 0), (50, 0), (0, 80))]
model = KMeans(n_clusters=3, n_init=10).fit(np.vstack(groups))
print(sorted(np.round(model.cluster_centers_, 3).tolist()), round(model.inertia_, 3))
