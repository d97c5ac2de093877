from sklearn.datasets import load_diabetes
from sklearn.ensemble import GradientBoostingRegressor

X, y = load_diabetes(return_X_y=True)
model = GradientBoostingRegressor(n_estimators=30, max_depth=2)
model.fit(X[:300], y[:300])
print(model.score(X[300:], y[300:]))
