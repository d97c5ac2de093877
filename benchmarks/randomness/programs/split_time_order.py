from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.model_selection import TimeSeriesSplit, cross_val_score, train_test_split

X, y = load_diabetes(return_X_y=True)
train, test, y_train, y_test = train_test_split(X, y, shuffle=False, test_size=0.25)
model = Ridge(alpha=0.1)
print(cross_val_score(model, train, y_train, cv=TimeSeriesSplit(4)))
print(model.fit(train, y_train).score(test, y_test))
