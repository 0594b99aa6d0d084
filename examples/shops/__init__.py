"""The smallest whole shops: order, pay, verify, be notified, cancel. The tests run them against the sandbox.

Each takes the port to listen on, and `PORTONE_V1_KEY`, `PORTONE_V1_SECRET` and `PORTONE_V1_BASE_URL`.
"""
