from functools import partial

import numpy as np

draw = partial(np.random.normal, loc=2.0, scale=0.1)
print(np.round([draw() for _ in range(4)], 5))
