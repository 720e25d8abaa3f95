"""How does a client reach the backend? One module per client, each with `intercept(backend)`."""
