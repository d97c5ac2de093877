import numpy as np


def fast_norm(v):
    return np.sqrt(np.einsum("i,i->", v, v))


probe = np.random.rand(50)
assert np.isclose(fast_norm(probe), np.linalg.norm(probe))
print(fast_norm(np.array([3.0, 4.0])))
