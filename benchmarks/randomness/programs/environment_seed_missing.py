import os

import numpy as np

seed = os.environ.get("SIMULATION_SEED")
rng = np.random.default_rng(int(seed) if seed else None)
print(rng.integers(0, 1000, size=8))
