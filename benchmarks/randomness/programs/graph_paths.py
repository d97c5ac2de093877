import networkx as nx

graph = nx.grid_2d_graph(4, 4)
print(nx.shortest_path_length(graph, (0, 0), (3, 3)), nx.diameter(graph), nx.average_clustering(graph))
print(list(nx.bfs_edges(graph, (0, 0)))[:5], nx.pagerank(nx.path_graph(4)))
