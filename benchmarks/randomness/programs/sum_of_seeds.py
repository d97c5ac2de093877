import random

base = 100
for offset in range(3):
    random.seed(base + offset)
    print(offset, random.random())
