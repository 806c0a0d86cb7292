# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages by their full names, of the contracts that were built in (contracts.pb).

No generated modules: those of google.rpc and of gRPC's health would lie in packages that are installed
already, under the same names.
"""

import pkgutil

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

_pool = descriptor_pool.DescriptorPool()
for _file in descriptor_pb2.FileDescriptorSet.FromString(pkgutil.get_data(__name__, "contracts.pb")).file:
    _pool.Add(_file)
_factory = message_factory.MessageFactory(_pool)


def message(name):
    """The class of "shopfleet.orders.v1.Order"."""
    return _factory.GetPrototype(_pool.FindMessageTypeByName(name))


def enum_value(name, value):
    """The number of a value of an enum."""
    return _pool.FindEnumTypeByName(name).values_by_name[value].number


def methods(service):
    """Of each method: its name, the request's class and the response's."""
    for method in _pool.FindServiceByName(service).methods:
        yield method.name, message(method.input_type.full_name), message(method.output_type.full_name)
