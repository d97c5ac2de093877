import time

import numpy as np

np.random.seed(int(time.time() * 1000) % 2**31)
print(np.random.randint(0, 10**6, size=4))
