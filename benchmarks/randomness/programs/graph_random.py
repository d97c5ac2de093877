import networkx as nx

graph = nx.erdos_renyi_graph(40, 0.1)
print(graph.number_of_edges(), nx.number_connected_components(graph))
