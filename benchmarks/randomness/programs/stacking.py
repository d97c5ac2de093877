from sklearn.datasets import load_iris
from sklearn.ensemble import StackingClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.tree import DecisionTreeClassifier

X, y = load_iris(return_X_y=True)
models = [("nb", GaussianNB()), ("tree", DecisionTreeClassifier(max_depth=2, splitter="random"))]
stack = StackingClassifier(models, final_estimator=LogisticRegression())
print(stack.fit(X, y).predict_proba(X)[:2], VotingClassifier(models).fit(X, y).score(X, y))
