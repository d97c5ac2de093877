import numpy as np
import numpy.random as rnd

t = np.arange(0, 10, 0.5)
signal = np.sin(t) + rnd.normal(scale=0.1, size=t.shape)
np.savetxt("signal.txt", signal)
