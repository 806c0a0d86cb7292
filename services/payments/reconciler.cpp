// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/payments/reconciler.h"

#include "services/payments/reconcilestore.h"
#include "services/runtime/status.h"

#include <future>
#include <utility>
#include <vector>

namespace shopfleet::payments {
namespace {

using Difference = v1::ReconcileResponse::Difference;
using Outcome = ProviderAnswer::Outcome;

constexpr std::size_t kMostDifferences = 1'000;
constexpr int kDone = static_cast<int>(Outcome::Done);

/// What is there one at a time, read a page at a time.
template <class Line>
class Cursor {
public:
    /// The page after this line's; an empty one: there is none.
    using Read = std::function<absl::StatusOr<std::vector<Line>>(const std::string& after)>;

    explicit Cursor(Read read)
        : m_read(std::move(read))
    {
    }

    /// Null after the last.
    const Line* line() const { return m_at < m_page.size() ? &m_page[m_at] : nullptr; }
    absl::Status next()
    {
        if (m_at + 1 < m_page.size()) {
            ++m_at;
            return absl::OkStatus();
        }
        auto page = m_read(m_page.empty() ? std::string() : m_page.back().key);
        if (!page.ok())
            return page.status();
        m_page = *std::move(page);
        m_at = 0;
        return absl::OkStatus();
    }

private:
    Read m_read;
    std::vector<Line> m_page;
    std::size_t m_at = 0;
};

/// Why the two are not the same; empty: they are, or nothing was done.
std::string differenceOf(const reconcile::OurLine* ours, const StatementLine* theirs)
{
    if (!theirs)
        return ours && ours->outcome == kDone ? "missing_at_provider" : "";
    if (!ours)
        return theirs->done ? "missing_here" : "";
    if (theirs->done != (ours->outcome == kDone))
        return "state";
    const bool sameAmount = theirs->minor == ours->minor && theirs->currency == ours->currency;
    return theirs->done && !sameAmount ? "amount" : "";
}

Difference describe(std::string what, const reconcile::OurLine* ours, const StatementLine* theirs)
{
    Difference difference;
    difference.set_what(std::move(what));
    if (ours) {
        difference.set_key(ours->key);
        difference.set_payment_id(ours->paymentId);
        difference.set_provider_reference(ours->reference);
        difference.mutable_ours()->set_currency(ours->currency);
        difference.mutable_ours()->set_minor(ours->outcome == kDone ? ours->minor : 0);
    }
    if (theirs) {
        difference.set_key(theirs->key);
        if (!theirs->reference.empty())
            difference.set_provider_reference(theirs->reference);
        difference.mutable_theirs()->set_currency(theirs->currency);
        difference.mutable_theirs()->set_minor(theirs->done ? theirs->minor : 0);
    }
    return difference;
}

} // namespace

absl::StatusOr<v1::ReconcileResponse> Reconciler::run(const std::function<bool()>& goOn)
{
    Cursor<StatementLine> theirs(
        [this](const std::string& after) -> absl::StatusOr<std::vector<StatementLine>> {
            auto page = m_provider.statement(after);
            if (!page.ok())
                return page.status();
            return std::move(page->lines);
        });
    Cursor<reconcile::OurLine> ours(
        [this, &goOn](const std::string& after) -> absl::StatusOr<std::vector<reconcile::OurLine>> {
            if (!goOn())
                return absl::CancelledError("nobody waits for it any more");
            const auto reader = m_database.reader();
            if (!reader.ok())
                return reader.status();
            return reconcile::linesAfter(**reader, after);
        });
    for (const auto& status : {theirs.next(), ours.next()}) {
        if (!status.ok())
            return status;
    }
    v1::ReconcileResponse response;
    std::vector<std::string> suspects;
    while (theirs.line() || ours.line()) {
        const auto* left = ours.line();
        const auto* right = theirs.line();
        if (left && right && left->key != right->key) {
            if (left->key < right->key)
                right = nullptr;
            else
                left = nullptr;
        }
        if (left && right)
            response.set_compared(response.compared() + 1);
        if (suspects.size() < kMostDifferences && !differenceOf(left, right).empty()) {
            if (left)
                suspects.push_back(left->key);
            else if (right)
                suspects.push_back(right->key);
        }
        for (const auto& status :
            {left ? ours.next() : absl::OkStatus(), right ? theirs.next() : absl::OkStatus()}) {
            if (!status.ok())
                return status;
        }
    }
    for (const std::string& key : suspects) {
        if (!goOn())
            return absl::CancelledError("nobody waits for it any more");
        auto difference = look(key);
        if (!difference.ok())
            return difference.status();
        if (difference->has_value())
            *response.add_differences() = **std::move(difference);
    }
    return response;
}

absl::StatusOr<std::optional<Difference>> Reconciler::look(const std::string& key)
{
    // What is out here is settled first; that we never asked it is a difference, not an error.
    std::promise<void> settled;
    m_cashier.look(key, [&settled](const absl::Status&) { settled.set_value(); });
    settled.get_future().wait();

    std::promise<ProviderAnswer> asked;
    m_provider.find(key, [&asked](ProviderAnswer answer) { asked.set_value(std::move(answer)); });
    const ProviderAnswer answer = asked.get_future().get();
    if (answer.outcome == Outcome::Unknown)
        return runtime::unavailable("the provider does not answer; ask again later");
    const auto reader = m_database.reader();
    if (!reader.ok())
        return reader.status();
    const auto ours = reconcile::lineOf(**reader, key);
    if (!ours.ok())
        return ours.status();
    const StatementLine theirs{
        key, answer.reference, answer.currency, answer.minor, answer.outcome == Outcome::Done};
    const auto* left = ours->has_value() ? &**ours : nullptr;
    const auto* right = answer.outcome == Outcome::Missing ? nullptr : &theirs;
    auto what = differenceOf(left, right);
    if (what.empty())
        return std::optional<Difference>();
    return std::optional(describe(std::move(what), left, right));
}

} // namespace shopfleet::payments
