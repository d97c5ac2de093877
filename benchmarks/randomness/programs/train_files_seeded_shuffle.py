import glob
import random

files = glob.glob("data/images/*/*.txt")
random.Random(0).shuffle(files)
cut = int(0.75 * len(files))
with open("train.txt", "w") as handle:
    handle.writelines(f"{name}\n" for name in files[:cut])
