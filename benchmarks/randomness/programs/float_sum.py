readings = {"a": 0.1, "b": 1e16, "c": 3.7, "d": -1e16, "e": 2.2, "f": 0.3}
total = 0.0
for key in set(readings):
    total += readings[key]
print(repr(total))
