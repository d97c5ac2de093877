from scipy.stats import loguniform
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import RandomizedSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

X, y = load_breast_cancer(return_X_y=True)
pipe = Pipeline([("scale", StandardScaler()), ("model", LogisticRegression(max_iter=500))])
space = {"model__C": loguniform(1e-3, 1e2)}
search = RandomizedSearchCV(pipe, space, n_iter=5, cv=3, random_state=2024)
search.fit(X, y)
print(search.best_params_)
