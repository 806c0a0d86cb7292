# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service tells of itself: log lines, metrics and spans, as all services of the store do."""

import collections
import datetime
import json
import os
import secrets
import sys
import threading
import time
import wsgiref.simple_server

import grpc
import prometheus_client
from prometheus_client.exposition import ThreadingWSGIServer, make_wsgi_app

import contracts

LEVELS = ("debug", "info", "warning", "error")
BUCKETS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
FAULTS = ("UNKNOWN", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS")
SLOW_SECONDS = 0.5  # Kept whether or not the trace is sampled, as is what failed.
SEND_EVERY = 0.5
MOST_WAITING = 4096
BATCH = 512

handled = prometheus_client.Counter(
    "grpc_server_handled", "Calls by how they ended.", ("grpc_service", "grpc_method", "grpc_code"))
seconds = prometheus_client.Histogram(
    "grpc_server_handling_seconds", "How long calls took.", ("grpc_service", "grpc_method"), buckets=BUCKETS)
in_flight = prometheus_client.Gauge(
    "grpc_server_in_flight", "Calls that are being answered.", ("grpc_service", "grpc_method"))
spans_dropped = prometheus_client.Counter("shopfleet_spans_dropped", "Spans that nobody took in time.")


class Log:
    """JSON lines on stdout."""

    def __init__(self, service, replica, level):
        self._service = service
        self._replica = replica
        self._least = LEVELS.index(level)
        self._lock = threading.Lock()

    def __call__(self, level, message, trace_id=""):
        if LEVELS.index(level) < self._least:
            return
        now = datetime.datetime.now(datetime.timezone.utc)
        line = {
            "ts": now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "level": level, "service": self._service,
            "replica": self._replica, "msg": message,
        }
        if trace_id:
            line["trace_id"] = trace_id
        with self._lock:
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()


class _Quiet(wsgiref.simple_server.WSGIRequestHandler):
    def log_message(self, *_):
        pass


def serve_metrics(listen):
    """Where it is served: "127.0.0.1:41235"."""
    host, _, port = listen.rpartition(":")
    server = wsgiref.simple_server.make_server(
        host, int(port), make_wsgi_app(), ThreadingWSGIServer, _Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"{host}:{server.server_port}"


class Trace:
    """What a caller handed on in `traceparent`, or a trace of its own."""

    def __init__(self, metadata):
        headers = dict(metadata)
        parts = headers.get("traceparent", "").split("-")
        known = len(parts) == 4 and len(parts[1]) == 32 and len(parts[2]) == 16
        self.trace_id = parts[1] if known else secrets.token_hex(16)
        self.parent_id = parts[2] if known else ""
        self.sampled = known and parts[3] == "01"
        self.span_id = secrets.token_hex(8)


class Spans:
    """Spans on their way to whoever keeps them. A batch is sent until it is taken."""

    _Request = contracts.message("opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest")
    _Response = contracts.message("opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse")

    def __init__(self, service, replica, version, channel):
        self._resource = {
            "service.name": service, "service.instance.id": replica,
            "service.version": os.environ.get("SHOPFLEET_REVISION", version),
        }
        self._export = channel.unary_unary(
            "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
            self._Request.SerializeToString, self._Response.FromString)
        self._waiting = collections.deque(maxlen=MOST_WAITING)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def record(self, trace, service, method, began_ns, code, message):
        took = (time.time_ns() - began_ns) / 1e9
        if not (trace.sampled or code in FAULTS or took >= SLOW_SECONDS):
            return
        if len(self._waiting) == MOST_WAITING:
            spans_dropped.inc()
        self._waiting.append((trace, service, method, began_ns, time.time_ns(), code, message))

    def stop(self):
        self._stopped.set()
        self._thread.join()

    def _run(self):
        while not self._stopped.wait(SEND_EVERY):
            self._send()
        self._send()

    def _send(self):
        batch = list(self._waiting)[:BATCH]
        if not batch:
            return
        request = self._Request()
        group = request.resource_spans.add()
        for key, value in self._resource.items():
            group.resource.attributes.add(key=key).value.string_value = value
        spans = group.scope_spans.add().spans
        for trace, service, method, began, ended, code, message in batch:
            span = spans.add(
                trace_id=bytes.fromhex(trace.trace_id), span_id=bytes.fromhex(trace.span_id),
                parent_span_id=bytes.fromhex(trace.parent_id), name=f"{service}/{method}", kind=2,
                start_time_unix_nano=began, end_time_unix_nano=ended)
            for key, value in (("rpc.system", "grpc"), ("rpc.service", service), ("rpc.method", method)):
                span.attributes.add(key=key).value.string_value = value
            span.attributes.add(key="rpc.grpc.status_code").value.int_value = grpc.StatusCode[code].value[0]
            span.status.message = message
            span.status.code = 2 if code in FAULTS else 0
        try:
            self._export(request, timeout=1)
        except grpc.RpcError:
            return  # They wait, as long as there is room.
        for _ in batch:
            if self._waiting and self._waiting[0] is batch[0]:
                self._waiting.popleft()
                batch.pop(0)
