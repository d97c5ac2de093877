from sklearn.datasets import load_iris
from sklearn.ensemble import VotingClassifier
from sklearn.linear_model import SGDClassifier
from sklearn.neighbors import KNeighborsClassifier

X, y = load_iris(return_X_y=True)
members = [("sgd", SGDClassifier(max_iter=8, tol=None)), ("knn", KNeighborsClassifier(3))]
model = VotingClassifier(members).fit(X[::2], y[::2])
print(model.named_estimators_["sgd"].coef_.round(3).tolist())
