class LinearCongruential:
    def __init__(self, seed=1):
        self.state = seed

    def random(self):
        self.state = (1103515245 * self.state + 12345) % 2**31
        return self.state / 2**31


random = LinearCongruential(99)
print([round(random.random(), 6) for _ in range(5)])
