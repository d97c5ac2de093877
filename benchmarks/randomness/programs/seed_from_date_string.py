import random
import zlib

random.seed(zlib.crc32(b"experiment-3"))
print(random.sample(range(1000), 5))
