import math
import random


class Annealer:
    def __init__(self, distances, temperature=10.0, seed=None):
        self.distances = distances
        self.temperature = temperature
        self.random = random.Random(seed)

    def cost(self, tour):
        return sum(self.distances[a][b] for a, b in zip(tour, tour[1:] + tour[:1]))

    def run(self, steps=300):
        tour = list(range(len(self.distances)))
        for step in range(steps):
            i, j = sorted(self.random.sample(range(len(tour)), 2))
            other = tour[:i] + tour[i : j + 1][::-1] + tour[j + 1 :]
            change = self.cost(other) - self.cost(tour)
            if change < 0 or self.random.random() < math.exp(-change / (self.temperature / (step + 1))):
                tour = other
        return tour


distances = [[abs(a * a - b * b) % 17 for a in range(12)] for b in range(12)]
print(Annealer(distances).run())
