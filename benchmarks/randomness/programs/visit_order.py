graph = {"a": {"b", "c", "d"}, "b": {"e"}, "c": {"e", "f"}, "d": {"f"}, "e": set(), "f": set()}


def depth_first(node, seen):
    seen.append(node)
    for following in graph[node]:
        if following not in seen:
            depth_first(following, seen)
    return seen


print(depth_first("a", []))
