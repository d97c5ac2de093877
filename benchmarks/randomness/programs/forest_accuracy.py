import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

points = pd.read_csv("data/points.csv")
X_train, X_test, y_train, y_test = train_test_split(points[["x", "y"]], points["label"], test_size=0.3, random_state=1)
forest = RandomForestClassifier(n_estimators=25)
forest.fit(X_train, y_train)
print(forest.predict_proba(X_test)[:5])
