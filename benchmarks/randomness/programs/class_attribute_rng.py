import numpy as np


class Noise:
    rng = np.random.default_rng(77)

    @classmethod
    def sample(cls, n):
        return cls.rng.normal(size=n)


print(Noise.sample(4))
