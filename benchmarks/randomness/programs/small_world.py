import networkx as nx

graph = nx.watts_strogatz_graph(30, 4, 0.3)
print(nx.average_shortest_path_length(graph), nx.transitivity(graph))
