"""Requests and responses: forms, routes, JSON."""
