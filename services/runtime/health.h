// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "grpc/health/v1/health.grpc.pb.h"

#include <map>
#include <mutex>
#include <set>
#include <string>

namespace shopfleet::runtime {

/// grpc.health.v1 with names of our own choice; gRPC's default service offers no name that is not a
/// service's.
class Health final : public grpc::health::v1::Health::CallbackService {
public:
    void set(const std::string& name, bool serving);
    /// Everything is NOT_SERVING from now on.
    void stop();
    /// Ends the streams, so that the server can.
    void endStreams();

    grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context,
        const grpc::health::v1::HealthCheckRequest* request,
        grpc::health::v1::HealthCheckResponse* response) override;
    grpc::ServerWriteReactor<grpc::health::v1::HealthCheckResponse>* Watch(
        grpc::CallbackServerContext* context,
        const grpc::health::v1::HealthCheckRequest* request) override;

private:
    class Stream;

    int stateOf(const std::string& name) const; ///< Under the mutex.

    std::mutex m_mutex;
    std::map<std::string, bool> m_serving;
    std::set<Stream*> m_streams;
    bool m_ended = false;
};

} // namespace shopfleet::runtime
