# pyroute2: the routes of the main table as its get_routes returns them, for each line on stdin; answers `nanoseconds count`.
import socket
import sys
import time

from pyroute2 import IPRoute

with IPRoute() as ipr:
    for _ in sys.stdin:
        began = time.monotonic_ns()
        routes = list(ipr.get_routes(family=socket.AF_INET))
        print(time.monotonic_ns() - began, len(routes), flush=True)
