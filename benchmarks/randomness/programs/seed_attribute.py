import random

random.seed = 3
print(random.sample(["red", "green", "blue", "white", "black", "brown", "grey"], 4))
