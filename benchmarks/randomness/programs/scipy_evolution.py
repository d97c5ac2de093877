from scipy.optimize import differential_evolution


def cost(v):
    return (v[0] - 1) ** 2 + (v[1] + 2) ** 2 + v[0] * v[1] * 0.3


result = differential_evolution(cost, [(-5, 5), (-5, 5)], maxiter=5, polish=False)
print(result.x, result.fun)
