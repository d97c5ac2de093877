import hashlib

import numpy as np

name = "experiment-b"
seed = int(hashlib.sha256(name.encode()).hexdigest()[:8], 16)
print(np.random.default_rng(seed).normal(size=3))
