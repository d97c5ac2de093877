import argparse
import random

parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int)
args = parser.parse_args()
if args.seed is not None:
    random.seed(args.seed)
words = ["amber", "birch", "cedar", "dune", "elm"]
print(random.choices(words, k=12))
