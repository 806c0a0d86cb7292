// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/payments/provider.h"

#include <chrono>
#include <memory>

namespace grpc {
class Channel;
}

namespace shopfleet::payments {

/// A payment provider that speaks shopfleet.provider.v1. While it is away it is asked again, with
/// the same key, until the patience is at its end.
class ProviderClient final : public Provider {
public:
    ProviderClient(
        const std::shared_ptr<grpc::Channel>& channel, std::chrono::milliseconds patience);
    ~ProviderClient() override;

    void act(const ProviderRequest& request, Answered answered) override;
    void settle(const std::string& key, Answered answered) override;
    void find(const std::string& key, Answered answered) override;
    absl::StatusOr<StatementPage> statement(const std::string& token) override;

private:
    struct Stub;
    std::unique_ptr<Stub> m_stub;
    std::chrono::milliseconds m_patience;
};

} // namespace shopfleet::payments
