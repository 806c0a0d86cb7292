// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/payments/providerclient.h"

#include "services/runtime/client.h"
#include "shopfleet/provider/v1/provider.grpc.pb.h"

#include <grpcpp/channel.h>

#include <utility>

namespace shopfleet::payments {
namespace {

namespace wire = provider::v1;
using Async = class wire::Provider::Stub::async;
using Outcome = ProviderAnswer::Outcome;

constexpr int kPage = 1'000;
constexpr std::chrono::seconds kPagePatience{5};

/// No answer is no decline, whatever kept it away: only the provider's own word is final.
ProviderAnswer answerOf(absl::StatusOr<wire::Operation> operation)
{
    ProviderAnswer answer;
    if (operation.status().code() == absl::StatusCode::kNotFound)
        answer.outcome = Outcome::Missing;
    if (!operation.ok() || operation->outcome() == wire::OUTCOME_UNSPECIFIED)
        return answer;
    answer.outcome = operation->outcome() == wire::OUTCOME_DONE ? Outcome::Done : Outcome::Declined;
    answer.reference = std::move(*operation->mutable_reference());
    answer.reason = std::move(*operation->mutable_reason());
    answer.method = std::move(*operation->mutable_method());
    answer.currency = operation->amount().currency();
    answer.minor = operation->amount().minor();
    return answer;
}

auto handOn(Provider::Answered answered)
{
    return [answered = std::move(answered)](absl::StatusOr<wire::Operation> operation) {
        answered(answerOf(std::move(operation)));
    };
}

} // namespace

struct ProviderClient::Stub {
    std::unique_ptr<wire::Provider::Stub> provider;
};

ProviderClient::ProviderClient(
    const std::shared_ptr<grpc::Channel>& channel, std::chrono::milliseconds patience)
    : m_stub(new Stub{wire::Provider::NewStub(channel)})
    , m_patience(patience)
{
}

ProviderClient::~ProviderClient() = default;

void ProviderClient::act(const ProviderRequest& request, Answered answered)
{
    wire::ActRequest ask;
    ask.set_key(request.key);
    ask.set_kind(static_cast<wire::Kind>(request.kind));
    ask.set_about(request.reference);
    ask.set_token(request.token);
    ask.mutable_amount()->set_currency(request.currency);
    ask.mutable_amount()->set_minor(request.minor);
    runtime::call(m_stub->provider->async(), &Async::Act, std::move(ask), m_patience,
        handOn(std::move(answered)), {.repeat = runtime::Repeat::WhenAway});
}

void ProviderClient::settle(const std::string& key, Answered answered)
{
    wire::SettleRequest ask;
    ask.set_key(key);
    runtime::call(m_stub->provider->async(), &Async::Settle, std::move(ask), m_patience,
        handOn(std::move(answered)), {.repeat = runtime::Repeat::WhenAway});
}

void ProviderClient::find(const std::string& key, Answered answered)
{
    wire::GetOperationRequest ask;
    ask.set_key(key);
    runtime::call(m_stub->provider->async(), &Async::GetOperation, std::move(ask), m_patience,
        handOn(std::move(answered)), {.repeat = runtime::Repeat::WhenAway});
}

absl::StatusOr<StatementPage> ProviderClient::statement(const std::string& token)
{
    grpc::ClientContext context;
    runtime::prepare(context, kPagePatience);
    context.set_wait_for_ready(true);
    wire::ListOperationsRequest request;
    request.set_page_size(kPage);
    request.set_page_token(token);
    wire::ListOperationsResponse response;
    if (const auto status = m_stub->provider->ListOperations(&context, request, &response);
        !status.ok())
        return runtime::unavailable("the provider gives no statement; ask again later");
    StatementPage page;
    page.lines.reserve(static_cast<std::size_t>(response.operations_size()));
    for (const wire::Operation& operation : response.operations())
        page.lines.push_back({operation.key(), operation.reference(), operation.amount().currency(),
            operation.amount().minor(), operation.outcome() == wire::OUTCOME_DONE});
    page.next = response.next_page_token();
    return page;
}

} // namespace shopfleet::payments
