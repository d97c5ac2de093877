from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import learning_curve, validation_curve

X, y = load_wine(return_X_y=True)
model = LogisticRegression(max_iter=3000)
sizes, train, test = learning_curve(model, X, y, cv=3, train_sizes=[0.5, 1.0])
print(sizes, test.mean(axis=1))
_, scores = validation_curve(model, X, y, param_name="C", param_range=[0.1, 1.0], cv=3)
print(scores)
