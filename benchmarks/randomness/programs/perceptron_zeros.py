import numpy as np

X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
weights, bias = np.zeros(2), 0.0
for _ in range(5):
    for row, target in zip(X, [0, 0, 0, 1]):
        error = target - (row @ weights + bias > 0)
        weights += 0.1 * error * row
        bias += 0.1 * error
print(weights, bias)
