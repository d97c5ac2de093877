import datetime
import random

now = datetime.datetime.now()
rng = random.Random(now.microsecond)
print(rng.sample(range(10**6), 6))
