import random

import pandas as pd
from sklearn.ensemble import ExtraTreesRegressor

random.seed(7)
points = pd.read_csv("data/points.csv")
model = ExtraTreesRegressor(n_estimators=10, max_depth=3).fit(points[["x"]], points["y"])
print(model.predict(points[["x"]])[:6])
