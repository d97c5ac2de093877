from sklearn.datasets import make_blobs, make_moons, make_regression
from sklearn.linear_model import LogisticRegression

rs = 99
X, y = make_blobs(n_samples=60, centers=3, random_state=rs)
print(LogisticRegression().fit(X, y).coef_)
X, y = make_regression(n_samples=30, n_features=3, random_state=rs)
print(y[:4])
X, y = make_moons(n_samples=20, noise=0.1, random_state=rs)
print(X[:2])
