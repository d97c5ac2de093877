from itertools import combinations
from statistics import mean

a, b = [1.2, 2.4, 2.2, 3.1], [2.0, 3.3, 2.9, 3.6]
pooled = a + b
observed = abs(mean(a) - mean(b))
hits = total = 0
for chosen in combinations(range(len(pooled)), len(a)):
    rest = [pooled[n] for n in range(len(pooled)) if n not in chosen]
    hits += abs(mean(pooled[n] for n in chosen) - mean(rest)) >= observed - 1e-12
    total += 1
print(hits, total, hits / total)
