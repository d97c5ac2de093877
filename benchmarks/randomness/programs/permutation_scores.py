import numpy as np
from sklearn.datasets import load_iris
from sklearn.inspection import permutation_importance
from sklearn.naive_bayes import GaussianNB

X, y = load_iris(return_X_y=True)
model = GaussianNB().fit(X, y)
importance = permutation_importance(model, X, y, n_repeats=5)
print(np.round(importance.importances_mean, 4))
