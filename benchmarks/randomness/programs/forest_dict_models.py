from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
models = {
    "bayes": GaussianNB(),
    "logistic": LogisticRegression(max_iter=4000),
    "forest": RandomForestClassifier(n_estimators=4, max_depth=2),
}
for name, model in models.items():
    model.fit(X_train, y_train)
    print(name, model.predict_proba(X_test)[:5].round(4).tolist())
