"""One exchange with V1: what is sent, over which transport, and what its response means. Nothing here waits."""
