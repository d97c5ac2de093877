import numpy as np
from sklearn.experimental import enable_iterative_imputer  # noqa: F401
from sklearn.impute import IterativeImputer, KNNImputer, SimpleImputer

X = np.array([[1.0, 2.0], [np.nan, 3.0], [7.0, 6.0], [4.0, np.nan], [5.0, 5.5]])
print(SimpleImputer().fit_transform(X), KNNImputer(n_neighbors=2).fit_transform(X))
print(IterativeImputer(random_state=0).fit_transform(X))
