first = "red green blue amber violet teal".split()
second = "teal amber grey black violet blue".split()
common = set(first) & set(second)
print("jaccard:", len(common) / len(set(first) | set(second)), "amber" in common, min(common))
