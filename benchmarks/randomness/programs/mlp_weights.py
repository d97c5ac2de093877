import numpy as np
from sklearn.neural_network import MLPRegressor

x = np.linspace(0, 3, 40).reshape(-1, 1)
y = np.sin(x).ravel()
net = MLPRegressor(hidden_layer_sizes=(6,), solver="lbfgs", max_iter=60)
net.fit(x, y)
print(net.predict([[0.5], [1.5]]))
