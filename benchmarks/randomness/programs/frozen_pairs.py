edges = {("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("b", "d")}
with open("edges.txt", "w") as handle:
    for left, right in edges:
        handle.write(f"{left} {right}\n")
