from random import *

seed(9)
print(randint(1, 100), choice("xyz"), uniform(0, 1))
