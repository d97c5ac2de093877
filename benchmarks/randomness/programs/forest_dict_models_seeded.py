from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB

SEED = 11
X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=SEED)
common = {"random_state": SEED}
models = {"bayes": GaussianNB(), "forest": RandomForestClassifier(n_estimators=4, **common)}
for name, model in models.items():
    print(name, model.fit(X_train, y_train).score(X_test, y_test))
