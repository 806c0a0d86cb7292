# SPDX-License-Identifier: GPL-3.0-or-later
"""shopfleet.recommendations.v1.Recommendations: check, ask, reply."""

import contracts
from server import invalid_field

_Response = contracts.message("shopfleet.recommendations.v1.ListBoughtTogetherResponse")

MOST_SKUS = 50
LONGEST_SKU = 64
USUAL_PAGE = 10
LARGEST_PAGE = 100


class Handler:
    def __init__(self, bought, learner):
        self._bought = bought
        self._learner = learner

    def ListBoughtTogether(self, request):  # pylint: disable=invalid-name
        if not 1 <= len(request.skus) <= MOST_SKUS:
            raise invalid_field("skus", f"must have 1 to {MOST_SKUS} entries")
        for index, sku in enumerate(request.skus):
            if not 1 <= len(sku) <= LONGEST_SKU:
                raise invalid_field(f"skus[{index}]", f"must have 1 to {LONGEST_SKU} characters")
        if not 0 <= request.page_size <= LARGEST_PAGE:
            raise invalid_field("page_size", f"must be from 0 to {LARGEST_PAGE}")
        response = _Response(orders_learnt=len(self._bought))
        for sku, score, orders in self._bought.together_with(request.skus, request.page_size or USUAL_PAGE):
            response.items.add(sku=sku, score=score, orders=orders)
        if self._learner.until:
            response.learnt_until.FromMilliseconds(int(self._learner.until * 1000))
        return response
