from sklearn.datasets import load_iris
from sklearn.metrics import confusion_matrix
from sklearn.neighbors import KNeighborsClassifier

X, y = load_iris(return_X_y=True)
model = KNeighborsClassifier(3).fit(X[::2], y[::2])
print(confusion_matrix(y[1::2], model.predict(X[1::2])))
