import pandas as pd
from sklearn.mixture import GaussianMixture

data = pd.read_csv("data/points.csv")[["x", "y"]]
best = min((GaussianMixture(k).fit(data) for k in range(2, 6)), key=lambda model: model.bic(data))
print(best.n_components, best.means_)
