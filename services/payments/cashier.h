// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/payments/books.h"
#include "services/payments/provider.h"
#include "services/runtime/database.h"
#include "shopfleet/payments/v1/payments.pb.h"

#include <absl/status/statusor.h>
#include <google/protobuf/message.h>

#include <chrono>
#include <functional>
#include <memory>

namespace shopfleet::payments {

/// Asks the provider, in three steps: write down what will be asked, ask, write down the answer.
/// Waits for no longer than its patience; what was not answered by then is UNKNOWN and is settled
/// by asking, never by acting again. `done` is called on the writer's thread. A repeat of a request
/// goes on where the first one stopped, with the same key at the provider.
class Cashier {
public:
    Cashier(runtime::Database& database, Provider& provider, std::chrono::milliseconds patience)
        : m_database(database)
        , m_provider(provider)
        , m_patience(patience)
    {
    }

    using Outcome = absl::StatusOr<v1::Payment>;
    using Done = std::function<void(Outcome)>;

    void authorise(const v1::AuthorisePaymentRequest& request, Done done);
    /// A capture, void or refund. `request` is the whole request, for its request_id.
    void operate(const google::protobuf::Message& request, books::Wish wish, Done done);
    void settle(const v1::SettlePaymentRequest& request, Done done);

    using Learnt = std::function<void(const absl::Status&)>;
    /// Looks at what became of one request: after a webhook, which is only a hint. NOT_FOUND where
    /// it was never made; UNAVAILABLE while the provider does not say.
    void look(const std::string& key, Learnt done);
    /// The same for one that was given up: closed at the provider, if it never arrived there.
    void close(const std::string& key, Learnt done);

private:
    struct Task;
    using Shared = std::shared_ptr<Task>;
    using Work = std::function<absl::Status(runtime::Connection&)>;

    Shared begin(const google::protobuf::Message& request, Done done);
    void write(const Shared& task, Work work, std::function<void()> next);
    /// The last write, with the answer kept under its request_id.
    void conclude(const Shared& task, std::function<Outcome(runtime::Connection&)> work);
    Provider::Answered patient(Provider::Answered answered) const;
    void operated(const Shared& task, const books::Begun& begun, const ProviderAnswer& answer);
    void settleNext(const Shared& task);
    /// Is there something to ask about this request? NOT_FOUND where it was never made.
    absl::StatusOr<bool> isOut(const std::string& key);
    Provider::Answered learning(const std::string& key, Learnt done);

    runtime::Database& m_database;
    Provider& m_provider;
    std::chrono::milliseconds m_patience;
};

} // namespace shopfleet::payments
