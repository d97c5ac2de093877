import os
import random

import numpy as np

seed = int(os.environ.get("SIMULATION_SEED", "31"))
random.seed(seed)
np.random.seed(seed)
print(random.sample(range(100), 5), np.random.rand(3))
