import numpy as np


class Perceptron:
    def __init__(self, inputs):
        self.weights = np.random.randn(inputs) * 0.1
        self.bias = 0.0

    def train(self, X, y, epochs=5):
        for _ in range(epochs):
            for row, target in zip(X, y):
                error = target - (row @ self.weights + self.bias > 0)
                self.weights += 0.1 * error * row
                self.bias += 0.1 * error


X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
model = Perceptron(2)
model.train(X, [0, 0, 0, 1])
print(model.weights, model.bias)
