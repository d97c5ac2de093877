from scipy.stats import qmc

halton = qmc.Halton(d=2, scramble=False)
print(halton.random(4))
latin = qmc.LatinHypercube(d=2)
print(latin.random(4))
