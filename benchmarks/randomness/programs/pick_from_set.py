candidates = {"ridge", "lasso", "forest", "boosting", "svm", "knn", "bayes", "mlp"}
while len(candidates) > 2:
    candidates.pop()
print(sorted(candidates))
