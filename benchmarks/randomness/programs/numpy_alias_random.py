from numpy import random as nr

print(nr.standard_normal(3), nr.binomial(10, 0.5))
