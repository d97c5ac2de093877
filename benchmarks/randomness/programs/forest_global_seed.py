import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score

np.random.seed(7)
points = pd.read_csv("data/points.csv")
scores = cross_val_score(RandomForestClassifier(n_estimators=15), points[["x", "y"]], points["label"], cv=4)
print(scores)
