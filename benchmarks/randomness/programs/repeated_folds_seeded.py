import numpy as np
from sklearn.datasets import load_wine
from sklearn.model_selection import ShuffleSplit, cross_val_score
from sklearn.naive_bayes import GaussianNB

X, y = load_wine(return_X_y=True)
rng = np.random.RandomState(9)
scores = cross_val_score(GaussianNB(), X, y, cv=ShuffleSplit(n_splits=4, random_state=rng))
print(np.round(scores, 4))
