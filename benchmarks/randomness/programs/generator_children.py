import numpy as np

root = np.random.SeedSequence(2020)
streams = [np.random.default_rng(child) for child in root.spawn(4)]
print([stream.random() for stream in streams])
rng = np.random.Generator(np.random.PCG64(3))
first, second = rng.spawn(2)
print(first.integers(10, size=3), second.integers(10, size=3))
