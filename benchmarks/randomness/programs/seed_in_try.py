import numpy as np
import random

try:
    import torch

    torch.manual_seed(1)
except ImportError:
    torch = None

np.random.seed(1)
random.seed(1)
print(np.random.rand(2), random.random(), torch is None)
