import numpy as np

np.random.seed(5)
train = np.random.permutation(20)[:5]
np.random.seed(None)
noise = np.random.normal(size=3)
print(train, noise)
