import random

random.seed(hash("experiment-3"))
print(random.sample(range(1000), 5))
