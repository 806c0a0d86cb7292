# SPDX-License-Identifier: GPL-3.0-or-later
"""The flags that every service of the store takes, each also as an environment variable."""

import argparse
import os
import re

LEVELS = ("debug", "info", "warning", "error")


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"{self.prog}: {message}\n")


def _address(text):
    host, colon, port = text.rpartition(":")
    if not colon or not host or not re.fullmatch(r"\d{1,5}", port) or int(port) > 65535:
        raise argparse.ArgumentTypeError(f'"{text}" is not ADDRESS:PORT')
    return text


def _target(text):
    if "%s" not in text and not text.startswith("ipv4:"):
        raise argparse.ArgumentTypeError(f'"{text}" has no %s for the service\'s name')
    return text


def _peer(text):
    service, equals, target = text.partition("=")
    if not service or not equals or not target:
        raise argparse.ArgumentTypeError(f'"{text}" is not SERVICE=TARGET')
    return service, target


def _fault(most, words):
    def read(text):
        method, equals, size = text.partition("=")
        try:
            given = float(size)
        except ValueError:
            given = -1.0
        if not method or not equals or not 0 <= given <= most:
            raise argparse.ArgumentTypeError(f'"{text}" is not {words}')
        return method, given

    return read


def _orders(text):
    if not re.fullmatch(r"\d{1,7}", text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f'"{text}" is not a number from 1 to 9999999')
    return int(text)


def configure(arguments, version):
    """Flags win over the environment. On an unknown flag or a bad value the process ends with 2."""
    parser = _Parser(
        prog="recommendationsd",
        allow_abbrev=False,
        description="recommendationsd, a service of Shopfleet",
        epilog="Each is also an environment variable: --log-level is SHOPFLEET_LOG_LEVEL.",
    )
    parser.add_argument("--version", action="version", version=version)
    known = []

    def add(name, default, words, **more):
        known.append(name)
        given = os.environ.get("SHOPFLEET_" + name.upper().replace("-", "_"), default)
        parser.add_argument("--" + name, default=given, help=words, **more)

    add("listen", "127.0.0.1:0", "ADDRESS:PORT for gRPC; port 0: the kernel chooses", type=_address)
    add(
        "also-listen", "",
        "ADDRESS:PORT, the same from start to start, for callers who are not told where the service is; its replicas share it",
        type=lambda text: text and _address(text),
    )
    add("metrics", "127.0.0.1:0", "ADDRESS:PORT for Prometheus", type=_address)
    add("data", ".", "the service's own folder; this one keeps nothing there")
    add("announce", "", "file to write once it serves: JSON with pid and addresses")
    add("replica", "recommendations", "this replica's name")
    add("target", "xds:///%s", "how to reach another service; %%s is its name", type=_target)
    parser.add_argument(
        "--peer", action="append", default=[], type=_peer,
        help="SERVICE=TARGET: how to reach this one service; may be given several times",
    )
    add("log-level", "info", "debug, info, warning, error", choices=LEVELS)
    add(
        "fail", "*=0", "METHOD=SHARE: so many of its calls fail on purpose, to try alarms out; *: of each method",
        type=_fault(1, "METHOD=SHARE, a share from 0 to 1"),
    )
    add(
        "delay", "*=0", "METHOD=SECONDS: its answers are held back on purpose; *: of each method",
        type=_fault(60, "METHOD=SECONDS, from 0 to 60"),
    )
    add("orders", "20000", "how many of the newest orders to learn from", type=_orders)
    return parser.parse_args(arguments)


def target_of(configuration, service):
    """How a service is reached: its own entry among the peers, or the target."""
    return dict(configuration.peer).get(service, configuration.target.replace("%s", service))
