import numpy as np

grid = np.zeros((12, 12), int)
grid[[0, 1, 2, 2, 2], [1, 2, 0, 1, 2]] = 1
for _ in range(5):
    neighbours = sum(np.roll(grid, (i, j), (0, 1)) for i in (-1, 0, 1) for j in (-1, 0, 1)) - grid
    grid = ((neighbours == 3) | ((grid == 1) & (neighbours == 2))).astype(int)
print(np.argwhere(grid).tolist())
