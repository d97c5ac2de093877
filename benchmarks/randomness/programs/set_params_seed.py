from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

X, y = load_iris(return_X_y=True)
models = {"forest": RandomForestClassifier(n_estimators=5), "tree": DecisionTreeClassifier()}
for name, model in models.items():
    model.set_params(random_state=12)
    print(name, model.fit(X, y).feature_importances_)
