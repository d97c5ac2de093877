from sklearn.datasets import load_iris
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

X, y = load_iris(return_X_y=True)
network = MLPClassifier((4,), max_iter=60, random_state=5)
model = make_pipeline(StandardScaler(), network)
print(cross_val_score(model, X, y, cv=StratifiedKFold(3)))
