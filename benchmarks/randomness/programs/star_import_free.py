from random import *

print(randint(1, 100), choice("xyz"), uniform(0, 1))
