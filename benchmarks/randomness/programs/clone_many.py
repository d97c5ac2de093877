from sklearn.base import clone
from sklearn.datasets import load_wine
from sklearn.ensemble import ExtraTreesClassifier

X, y = load_wine(return_X_y=True)
template = ExtraTreesClassifier(n_estimators=5, max_depth=2)
for _ in range(2):
    model = clone(template).fit(X[::2], y[::2])
    print(model.score(X[1::2], y[1::2]), model.feature_importances_.round(4))
