import time

start = time.perf_counter()
total = sum(range(10000))
print(total)
print("took", time.perf_counter() - start)
