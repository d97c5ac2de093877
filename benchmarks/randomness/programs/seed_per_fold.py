import random

words = ["amber", "birch", "cedar", "dune", "elm", "fern"]
for seed in (1, 2, 3):
    random.seed(seed)
    order = words[:]
    random.shuffle(order)
    print(seed, order)
