from sklearn.datasets import load_diabetes
from sklearn.linear_model import ElasticNet, Lasso, LassoCV, LinearRegression, RidgeCV

X, y = load_diabetes(return_X_y=True)
for model in (LinearRegression(), Lasso(0.1), ElasticNet(0.01), RidgeCV(), LassoCV(cv=3)):
    model.fit(X, y)
    print(type(model).__name__, model.coef_.round(4).tolist())
