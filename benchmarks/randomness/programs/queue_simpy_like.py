import heapq
import random


class Simulation:
    def __init__(self, rate):
        self.rate = rate
        self.now = 0.0
        self.events = []

    def schedule(self, delay, name):
        heapq.heappush(self.events, (self.now + delay, name))

    def run(self, until):
        served = 0
        self.schedule(random.expovariate(self.rate), "arrival")
        while self.events:
            self.now, name = heapq.heappop(self.events)
            if self.now > until:
                break
            served += 1
            self.schedule(random.expovariate(self.rate), "arrival")
        return served


print(Simulation(0.5).run(200))
