edges = {("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("b", "d")}
with open("edges.txt", "w") as handle:
    handle.writelines(f"{left} {right}\n" for left, right in sorted(edges))
