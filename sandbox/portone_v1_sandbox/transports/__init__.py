"""How requests reach the engine: in this process through httpx, over a socket through uvicorn."""
