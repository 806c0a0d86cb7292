// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <google/protobuf/message_lite.h>
#include <grpcpp/support/byte_buffer.h>

#include <string>
#include <vector>

namespace shopfleet::gateway {

inline grpc::ByteBuffer toByteBuffer(const google::protobuf::MessageLite& message)
{
    const grpc::Slice slice(message.SerializeAsString());
    return grpc::ByteBuffer(&slice, 1);
}

inline std::string toBytes(const grpc::ByteBuffer& buffer)
{
    std::string bytes;
    std::vector<grpc::Slice> slices;
    if (!buffer.Valid() || !buffer.Dump(&slices).ok())
        return bytes;
    bytes.reserve(buffer.Length());
    for (const auto& slice : slices)
        bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    return bytes;
}

} // namespace shopfleet::gateway
