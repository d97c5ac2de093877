import os
import random

random.seed(os.getpid())
print([random.gauss(0, 1) for _ in range(3)])
