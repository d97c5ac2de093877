from sklearn.datasets import make_classification
from sklearn.linear_model import LogisticRegression

X, y = make_classification(n_samples=200, n_features=6)
model = LogisticRegression().fit(X, y)
print("coefficients", model.coef_)
