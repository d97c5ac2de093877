import numpy as np

seed = np.random.randint(0, 2**31 - 1)
print("seed", seed)
rng = np.random.default_rng(seed)
print(rng.normal(size=3))
