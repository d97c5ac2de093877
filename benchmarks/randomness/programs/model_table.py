from sklearn.datasets import load_wine
from sklearn.ensemble import BaggingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_validate
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC

X, y = load_wine(return_X_y=True)
MODELS = {
    "logistic": LogisticRegression(max_iter=4000),
    "knn": KNeighborsClassifier(),
    "svm": SVC(kernel="linear"),
    "forest": RandomForestClassifier(n_estimators=10, random_state=0),
    "bagging": BaggingClassifier(n_estimators=3),
}
for name, model in MODELS.items():
    print(name, cross_validate(model, X, y, cv=3)["test_score"])
