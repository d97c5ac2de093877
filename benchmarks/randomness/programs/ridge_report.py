from sklearn.datasets import load_diabetes
from sklearn.linear_model import Lasso, LinearRegression, Ridge
from sklearn.model_selection import KFold, cross_val_score

X, y = load_diabetes(return_X_y=True)
for model in (LinearRegression(), Ridge(alpha=2.0), Lasso(alpha=0.1)):
    print(type(model).__name__, cross_val_score(model, X, y, cv=KFold(4)).mean())
