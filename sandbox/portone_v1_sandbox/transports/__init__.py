"""Transports: httpx in this process, uvicorn on a socket."""
