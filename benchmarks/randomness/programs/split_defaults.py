from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

X, y = load_iris(return_X_y=True)
X_tr, X_te, y_tr, y_te = train_test_split(X, y, stratify=y)
model = KNeighborsClassifier(3).fit(X_tr, y_tr)
print("first test rows", X_te[:4].tolist())
print("score", model.score(X_te, y_te))
