graph = {"a": {"b", "c"}, "b": {"e"}, "c": {"e", "f"}, "e": set(), "f": set()}
seen, frontier = set(), {"a"}
while frontier:
    node = frontier.pop()
    seen.add(node)
    frontier |= graph[node] - seen
print(sorted(seen), len(seen))
