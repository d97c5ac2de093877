import numpy as np

noise = lambda n: np.random.laplace(size=n)
counts = np.array([12, 40, 33])
private = counts + noise(3)
print(private.round(2))
