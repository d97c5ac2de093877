import random

CONFIG = {"players": 4, "rounds": 10, "seed": None}


def play(config):
    random.seed(config["seed"])
    scores = [0] * config["players"]
    for _ in range(config["rounds"]):
        for player in range(config["players"]):
            scores[player] += random.randint(1, 6)
    return scores


print(play(CONFIG))
