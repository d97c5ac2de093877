from sklearn.datasets import load_iris
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

X, y = load_iris(return_X_y=True)
model = make_pipeline(StandardScaler(), MLPClassifier((4,), max_iter=60))
folds = StratifiedKFold(3, shuffle=True, random_state=0)
print(cross_val_score(model, X, y, cv=folds))
