import numpy as np
from sklearn.datasets import load_wine
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_score
from sklearn.naive_bayes import GaussianNB

X, y = load_wine(return_X_y=True)
scores = cross_val_score(GaussianNB(), X, y, cv=RepeatedStratifiedKFold(n_splits=4, n_repeats=2))
print(np.round(scores, 4))
