# SPDX-License-Identifier: GPL-3.0-or-later
"""recommendationsd: a service of the store in another language. It keeps to the same contract as the others
(CONTRIBUTING, "Processes and their configuration") and shares no code with them, only proto/."""

import json
import os
import signal
import sys
import time

import grpc

import telemetry
from boughttogether import BoughtTogether
from configuration import configure, target_of
from handler import Handler
from learner import Learner
from server import Server
from version import VERSION

SERVICE = "recommendations"
READY_SECONDS = 15  # Then it serves with what it has learnt: its answers say how much that is.


def announce(configuration, address, metrics):
    """Whole or not at all: whoever waits for the file reads it at once."""
    if not configuration.announce:
        return
    facts = {
        "pid": os.getpid(), "address": address, "metrics": metrics, "service": SERVICE,
        "replica": configuration.replica, "version": VERSION, "started": int(time.time()),
    }
    with open(configuration.announce + ".new", "w", encoding="utf-8") as file:
        json.dump(facts, file)
    os.rename(configuration.announce + ".new", configuration.announce)


def main():
    # Before any thread is there: all of them inherit it, and none is interrupted.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    configuration = configure(sys.argv[1:], VERSION)
    log = telemetry.Log(SERVICE, configuration.replica, configuration.log_level)
    alive = (("grpc.keepalive_time_ms", 10000), ("grpc.keepalive_timeout_ms", 2000))

    def channel(service):
        return grpc.insecure_channel(target_of(configuration, service), options=alive)

    bought = BoughtTogether(configuration.orders)
    learner = Learner(channel("orders"), bought, configuration.orders, log)
    spans = telemetry.Spans(SERVICE, configuration.replica, VERSION, channel("traces"))
    try:
        server = Server(
            f"shopfleet.{SERVICE}.v1.Recommendations", Handler(bought, learner), configuration, spans, log)
        metrics = telemetry.serve_metrics(configuration.metrics)
        announce(configuration, server.address, metrics)
    except (OSError, RuntimeError) as error:
        log("error", f"{SERVICE} cannot start: {error}")
        return 1
    log("info", f"{SERVICE} {VERSION} listens on {server.address}")

    asked = None
    until = time.monotonic() + READY_SECONDS
    while asked is None and not learner.ready.is_set() and time.monotonic() < until:
        asked = signal.sigtimedwait({signal.SIGTERM, signal.SIGINT}, 0.05)
    if asked is None:
        server.health.set(True)
        signal.sigwait({signal.SIGTERM, signal.SIGINT})
    log("info", f"{SERVICE} drains")
    server.drain()
    spans.stop()
    sys.stdout.flush()
    os._exit(0)  # gRPC's threads of the learner would be waited for.


if __name__ == "__main__":
    sys.exit(main())
