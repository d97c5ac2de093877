from sklearn.datasets import load_iris
from sklearn.svm import SVC

X, y = load_iris(return_X_y=True)
model = SVC(kernel="rbf", gamma="scale").fit(X[::2], y[::2])
print(model.decision_function(X[1:20:2]).round(5))
