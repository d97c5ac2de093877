import numpy as np

noise = np.random.default_rng(1)
order = np.random.default_rng(noise.integers(2**31))
values = noise.normal(size=6)
print(values[order.permutation(6)])
