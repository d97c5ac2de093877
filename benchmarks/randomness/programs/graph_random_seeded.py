import random

import networkx as nx

random.seed(6)
graph = nx.gnp_random_graph(40, 0.1)
other = nx.barabasi_albert_graph(30, 2, seed=6)
print(graph.number_of_edges(), other.number_of_edges(), sorted(d for _, d in other.degree()))
