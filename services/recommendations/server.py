# SPDX-License-Identifier: GPL-3.0-or-later
"""A gRPC server as the store's services are: health, metrics, spans, errors that name the field."""

import concurrent.futures
import random
import threading
import time

import grpc
from google.protobuf.message import DecodeError

import contracts
import telemetry

THREADS = 8
MOST_CALLS = 256  # Beyond that a caller is told so at once.
NOTICE_SECONDS = 0.2  # Between "does not serve" and the end of new calls: callers go elsewhere.
DRAIN_SECONDS = 5

_Status = contracts.message("google.rpc.Status")
_BadRequest = contracts.message("google.rpc.BadRequest")
_HealthRequest = contracts.message("grpc.health.v1.HealthCheckRequest")
_HealthResponse = contracts.message("grpc.health.v1.HealthCheckResponse")


class Refused(Exception):
    """An answer that is an error: a gRPC code, the words, and which field broke which rule."""

    def __init__(self, code, message, field="", rule=""):
        super().__init__(message)
        self.code, self.message, self.field, self.rule = code, message, field, rule


def invalid_field(field, rule):
    return Refused(grpc.StatusCode.INVALID_ARGUMENT, f"{field} {rule}", field, rule)


class Health:
    """grpc.health.v1: whether calls should come here."""

    def __init__(self):
        self._changed = threading.Condition()
        self._serving = False

    def set(self, serving):
        with self._changed:
            self._serving = serving
            self._changed.notify_all()

    def _answer(self):
        return _HealthResponse(status=1 if self._serving else 2)

    def check(self, request, context):
        if request.service:  # "shopfleet.writer": whoever has no database never writes.
            context.abort(grpc.StatusCode.NOT_FOUND, f'there is no "{request.service}" here')
        return self._answer()

    def watch(self, request, context):
        if request.service:
            yield _HealthResponse(status=3)
            return
        said = None
        while context.is_active():
            with self._changed:
                if said == self._serving:
                    self._changed.wait(1)
                said = self._serving
            yield self._answer()

    def handler(self):
        return grpc.method_handlers_generic_handler("grpc.health.v1.Health", {
            "Check": grpc.unary_unary_rpc_method_handler(
                self.check, _HealthRequest.FromString, _HealthResponse.SerializeToString),
            "Watch": grpc.unary_stream_rpc_method_handler(
                self.watch, _HealthRequest.FromString, _HealthResponse.SerializeToString),
        })


class Observed:
    """One method with everything around it: parse, answer, count, time, trace, and say what went wrong."""

    def __init__(self, service, name, request_type, response_type, answer, faults, spans, log):
        self._service, self._name = service, name
        self._request_type, self._response_type = request_type, response_type
        self._answer, self._faults, self._spans, self._log = answer, faults, spans, log
        self._in_flight = telemetry.in_flight.labels(service, name)
        self._seconds = telemetry.seconds.labels(service, name)

    def handler(self):
        # Parsed here: gRPC's own answer to broken bytes would be INTERNAL.
        return grpc.unary_unary_rpc_method_handler(self._call, None, None)

    def _call(self, body, context):
        trace = telemetry.Trace(context.invocation_metadata())
        began = time.time_ns()
        response, refused = b"", None
        with self._in_flight.track_inprogress(), self._seconds.time():
            try:
                response = self._answered(body)
            except Refused as why:
                refused = why
            except Exception as error:  # pylint: disable=broad-except
                # Never an exception's own text: it is for us, not for a caller.
                self._log("error", f"{self._name}: {error!r}", trace.trace_id)
                refused = Refused(grpc.StatusCode.INTERNAL, "something went wrong here; the log says what")
        code = refused.code.name if refused else "OK"
        telemetry.handled.labels(self._service, self._name, code).inc()
        self._spans.record(trace, self._service, self._name, began, code, refused.message if refused else "")
        if refused:
            self._abort(refused, context)
        return response

    def _answered(self, body):
        try:
            request = self._request_type.FromString(body)
        except DecodeError:
            raise Refused(
                grpc.StatusCode.INVALID_ARGUMENT, f"the request is no {self._request_type.DESCRIPTOR.full_name}"
            ) from None
        response = self._answer(request).SerializeToString()
        (slow, delay), (failing, share) = self._faults
        if slow in ("*", self._name):
            time.sleep(delay)
        if failing in ("*", self._name) and random.random() < share:
            raise Refused(grpc.StatusCode.INTERNAL, "fails on purpose, as --fail says")
        return response

    @staticmethod
    def _abort(refused, context):
        if refused.field:
            status = _Status(code=refused.code.value[0], message=refused.message)
            detail = _BadRequest()
            detail.field_violations.add(field=refused.field, description=refused.rule)
            status.details.add().Pack(detail)
            context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        context.abort(refused.code, refused.message)


class Server:
    """Serves one service of a contract; `handler` has a method of each name of it."""

    def __init__(self, service, handler, configuration, spans, log):
        self.health = Health()
        self._server = grpc.server(
            concurrent.futures.ThreadPoolExecutor(THREADS), maximum_concurrent_rpcs=MOST_CALLS,
            options=(("grpc.so_reuseport", 1 if configuration.also_listen else 0),))
        faults = (configuration.delay, configuration.fail)
        methods = {
            name: Observed(
                service, name, request, response, getattr(handler, name), faults, spans, log).handler()
            for name, request, response in contracts.methods(service)
        }
        self._server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler(service, methods), self.health.handler()))
        host = configuration.listen.rpartition(":")[0]
        port = self._server.add_insecure_port(configuration.listen)  # Raises where it is taken.
        if configuration.also_listen:
            self._server.add_insecure_port(configuration.also_listen)
        self.address = f"{host}:{port}"
        self._server.start()

    def drain(self):
        self.health.set(False)
        time.sleep(NOTICE_SECONDS)
        self._server.stop(DRAIN_SECONDS).wait()
