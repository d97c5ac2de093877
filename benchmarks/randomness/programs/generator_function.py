import random


def walk(steps):
    place = 0
    for _ in range(steps):
        place += random.choice((-1, 1))
        yield place


print(max(walk(200)), min(walk(200)))
