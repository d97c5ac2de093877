import random

players = ["ann", "bob", "cyd", "dan"]
random.seed("cup final")
wins = dict.fromkeys(players, 0)
for _ in range(30):
    a, b = random.sample(players, 2)
    wins[random.choice([a, b])] += 1
print(wins)
