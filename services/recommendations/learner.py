# SPDX-License-Identifier: GPL-3.0-or-later
"""Follows the store's orders: first the newest so many, then each that changes."""

import threading
import time

import grpc

import contracts

PAGE = 500
AT_ONCE = 50  # Orders asked for by their ids.
CALL_SECONDS = 10
STREAM_SECONDS = 600  # Then it is begun anew, at the same place.
PAUSES = (0.1, 0.2, 0.5, 1, 2)  # Between attempts.

_ListRequest = contracts.message("shopfleet.orders.v1.ListOrdersRequest")
_ListResponse = contracts.message("shopfleet.orders.v1.ListOrdersResponse")
_WatchRequest = contracts.message("shopfleet.orders.v1.WatchOrdersRequest")
_WatchResponse = contracts.message("shopfleet.orders.v1.WatchOrdersResponse")
_FULL = contracts.enum_value("shopfleet.orders.v1.OrderView", "ORDER_VIEW_FULL")
_SALE = contracts.enum_value("shopfleet.orders.v1.OrderKind", "ORDER_KIND_SALE")
_PRODUCT = contracts.enum_value("shopfleet.orders.v1.LineKind", "LINE_KIND_PRODUCT")
_UNDONE = [
    contracts.enum_value("shopfleet.orders.v1.OrderState", name)
    for name in ("ORDER_STATE_CANCELLED", "ORDER_STATE_REJECTED")
]


class Learner:
    """Runs on a thread of its own for as long as the process. `until` is when orders last said that there is
    nothing newer, in seconds since 1970; 0: never."""

    def __init__(self, channel, bought, most_orders, log):
        self._list = channel.unary_unary(
            "/shopfleet.orders.v1.Orders/ListOrders", _ListRequest.SerializeToString, _ListResponse.FromString)
        self._watch = channel.unary_stream(
            "/shopfleet.orders.v1.Orders/WatchOrders", _WatchRequest.SerializeToString, _WatchResponse.FromString)
        self._bought = bought
        self._most_orders = most_orders
        self._log = log
        self._token = ""
        self._pause = 0
        self.until = 0
        self.ready = threading.Event()  # The newest orders have been learnt once.
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                self._follow()
            except grpc.RpcError as error:
                if error.code() == grpc.StatusCode.DEADLINE_EXCEEDED:
                    continue
                self._log("warning" if self._pause == 0 else "debug", f"orders: {error.code().name}")
                time.sleep(PAUSES[min(self._pause, len(PAUSES) - 1)])
                self._pause += 1

    def _follow(self):
        """Where the stream begins is known before the past is read, so that nothing falls in between."""
        stream = self._watch(_WatchRequest(resume_token=self._token), timeout=STREAM_SECONDS)
        for news in stream:
            if news.reload or not self.ready.is_set():
                self._learn_newest()
            elif news.orders:
                self._learn_changed(news.orders)
            self._token = news.resume_token
            self._pause = 0
            self.until = time.time()

    def _learn_newest(self):
        began = time.time()
        newest = []
        request = _ListRequest(page_size=PAGE, order_by="placed_at desc", view=_FULL)
        while len(newest) < self._most_orders:
            page = self._list(request, timeout=CALL_SECONDS)
            newest.extend(page.orders)
            if not page.next_page_token:
                break
            request.page_token = page.next_page_token
        for order in reversed(newest[: self._most_orders]):
            self._take(order)
        self.ready.set()
        self._log("info", f"learnt from {len(self._bought)} orders in {time.time() - began:.1f} s")

    def _learn_changed(self, orders):
        """The stream's have no lines: those of orders that are new here are asked for."""
        unknown = []
        for order in orders:
            if order.state in _UNDONE:
                self._bought.forget(order.id)
            elif order.kind == _SALE and not self._bought.knows(order.id):
                unknown.append(order.id)
        for at in range(0, len(unknown), AT_ONCE):
            ids = unknown[at : at + AT_ONCE]
            request = _ListRequest(
                page_size=AT_ONCE, view=_FULL, filter=" OR ".join(f'id = "{one}"' for one in ids))
            for order in self._list(request, timeout=CALL_SECONDS).orders:
                self._take(order)

    def _take(self, order):
        if order.kind == _SALE and order.state not in _UNDONE:
            self._bought.learn(order.id, (line.sku for line in order.lines if line.kind == _PRODUCT and line.sku))
