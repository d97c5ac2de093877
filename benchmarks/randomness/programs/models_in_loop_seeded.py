import pandas as pd
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.model_selection import cross_val_score

frame = pd.read_csv("data/points.csv")
features, target = frame[["x", "y"]], frame["label"]
for name, cls in (("extra", ExtraTreesClassifier), ("forest", RandomForestClassifier)):
    model = cls(n_estimators=15, random_state=0)
    print(name, cross_val_score(model, features, target, cv=3).mean())
