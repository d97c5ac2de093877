import heapq
import random


class Simulation:
    def __init__(self, rate, stream):
        self.rate, self.stream, self.now = rate, stream, 0.0

    def run(self, until):
        served = 0
        while self.now < until:
            self.now += self.stream.expovariate(self.rate)
            served += 1
        return served


print(Simulation(0.5, random.Random(6)).run(200))
