# SPDX-License-Identifier: GPL-3.0-or-later
"""What is bought together, from the newest orders. Knows no network."""

import collections
import itertools
import math
import threading

LOOKED_AT = 500  # Of each SKU's orders the newest so many: taste changes, and answers stay quick.
LEAST_ORDERS = 2  # Once may be chance.
MOST_LINES = 60  # Of one order: a wholesaler's says little of taste.


class BoughtTogether:
    """Orders by id, each with its SKUs, and which orders each SKU is in. May be used by many threads."""

    def __init__(self, most_orders):
        self._most_orders = most_orders
        self._orders = collections.OrderedDict()
        self._orders_of = collections.defaultdict(dict)  # SKU to its orders' ids, the newest last.
        self._lock = threading.Lock()

    def __len__(self):
        return len(self._orders)

    def knows(self, order_id):
        return order_id in self._orders

    def learn(self, order_id, skus):
        """The same order again changes nothing but what it holds."""
        with self._lock:
            self._forget(order_id)
            kept = tuple(itertools.islice(dict.fromkeys(skus), MOST_LINES))
            self._orders[order_id] = kept
            for sku in kept:
                self._orders_of[sku][order_id] = None
            while len(self._orders) > self._most_orders:
                self._forget(next(iter(self._orders)))

    def forget(self, order_id):
        with self._lock:
            self._forget(order_id)

    def _forget(self, order_id):
        for sku in self._orders.pop(order_id, ()):
            of_sku = self._orders_of[sku]
            del of_sku[order_id]
            if not of_sku:
                del self._orders_of[sku]

    def together_with(self, skus, most):
        """(sku, score, orders) of what was bought with any of these, best first."""
        given = set(skus)
        scores = collections.defaultdict(float)
        orders = collections.defaultdict(int)
        with self._lock:
            for sku in given:
                of_sku = self._orders_of.get(sku, {})
                newest = list(itertools.islice(reversed(of_sku), LOOKED_AT))
                counts = collections.Counter()
                for order_id in newest:
                    counts.update(self._orders[order_id])
                for other, together in counts.items():
                    if other in given:
                        continue
                    others = min(len(self._orders_of[other]), LOOKED_AT)
                    scores[other] += together / math.sqrt(len(newest) * max(others, together))
                    orders[other] += together
        found = [
            (sku, score, orders[sku]) for sku, score in scores.items() if orders[sku] >= LEAST_ORDERS
        ]
        # By the SKU where two are as good: the same question has the same answer on each replica.
        return sorted(found, key=lambda one: (-one[1], one[0]))[:most]
