import random

values = list(range(1, 101))
random.shuffle(values)
print(sum(values), sorted(values)[:3])
