from numpy.random import Generator, MT19937, PCG64

rng = Generator(PCG64())
other = Generator(MT19937(5))
print(rng.normal(size=2), other.normal(size=2))
