import glob

files = glob.glob("data/images/*/*.txt")
cut = int(0.75 * len(files))
with open("train.txt", "w") as handle:
    handle.writelines(f"{name}\n" for name in sorted(files[:cut]))
