import secrets

import numpy as np

rng = np.random.default_rng(secrets.randbits(64))
print(rng.permutation(10).tolist())
