import random

random.seed("experiment-3")
print(random.sample(range(1000), 5))
