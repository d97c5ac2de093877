from random import SystemRandom

chooser = SystemRandom()
groups = {name: chooser.choice(["treatment", "control"]) for name in ("p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8")}
print(groups)
