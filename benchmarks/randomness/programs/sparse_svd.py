import numpy as np
from scipy.sparse import random as sparse_random

matrix = sparse_random(50, 30, density=0.1)
print(matrix.nnz, matrix.sum(), np.linalg.matrix_rank(matrix.toarray()))
