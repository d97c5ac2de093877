from numpy.random import RandomState

state = RandomState(3)
print(state.permutation(8), state.binomial(10, 0.3, size=4))
copy = RandomState()
copy.set_state(state.get_state())
print(copy.rand(2) - state.rand(2))
