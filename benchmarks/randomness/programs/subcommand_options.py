import argparse
import random


def draw(args):
    rng = random.Random(args.seed)
    print([rng.randint(1, 49) for _ in range(6)])


parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int)
parser.set_defaults(command=draw)
args = parser.parse_args()
args.command(args)
