from sklearn.datasets import load_wine
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.tree import DecisionTreeClassifier

X, y = load_wine(return_X_y=True)
search = GridSearchCV(
    DecisionTreeClassifier(max_features=2), {"max_depth": [2, 3, 4, 5]}, cv=StratifiedKFold(n_splits=5, shuffle=True, random_state=3)
)
search.fit(X, y)
print(search.best_params_, search.cv_results_["mean_test_score"])
