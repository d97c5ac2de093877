import os
import random

random.seed(os.getpid() * 7)
print(random.sample(range(1000), 5))
