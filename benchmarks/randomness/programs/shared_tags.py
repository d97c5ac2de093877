first = "red green blue amber violet teal".split()
second = "teal amber grey black violet blue".split()
common = set(first) & set(second)
print("best match:", list(common)[0])
