// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/traces/tracewords.h"

#include "app/models/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>
#include <set>

using namespace Qt::StringLiterals;
using namespace shopfleet::traces::v1;

namespace tracewords {
namespace {

constexpr qsizetype kBriefDigits = 8;

} // namespace

double milliseconds(const google::protobuf::Duration& duration)
{
    return static_cast<double>(duration.seconds()) * 1e3 + duration.nanos() / 1e6;
}

double waitedFor(const Span& span)
{
    double sum = 0;
    for (const Stretch& stretch : span.waited_for())
        sum += milliseconds(stretch.duration());
    return sum;
}

QString brief(const std::string& traceId)
{
    return format::text(traceId).left(kBriefDigits);
}

theme::Status status(const Trace& trace)
{
    if (trace.error_count() > 0)
        return {
            QCoreApplication::translate("tracewords", "%n failed", nullptr, trace.error_count()),
            theme::Shape::Square, theme::Tone::Bad, false};
    return {QCoreApplication::translate("tracewords", "Good"), theme::Shape::Tick,
        theme::Tone::Quiet, false};
}

QString blamed(const Span& span)
{
    // "shopfleet.payments.v1.Payments": who asked has only waited.
    const auto asked = span.attributes().find("rpc.service");
    if (span.kind() == "client" && asked != span.attributes().end()) {
        QString service = format::text(asked->second).section(u'.', 1, 1);
        if (!service.isEmpty())
            return service;
    }
    return format::text(span.service());
}

QString outcome(const Span& span)
{
    QString status = format::text(span.status());
    // What gRPC says when the control plane has named nobody.
    if (status.contains(u"no localities"_s) || status.contains(u"empty address list"_s))
        return QCoreApplication::translate("tracewords", "No replica of %1 can be reached.")
            .arg(blamed(span));
    if (status.startsWith(u"DEADLINE_EXCEEDED"_s))
        return QCoreApplication::translate("tracewords", "No answer in time.");
    return status;
}

int firstFailed(const Trace& trace)
{
    std::set<std::string> blameless; // Something within them failed.
    for (const Span& span : trace.spans())
        if (span.error())
            blameless.insert(span.parent_span_id());
    int first = -1;
    for (int i = 0; i < trace.spans_size(); ++i) {
        const Span& span = trace.spans(i);
        if (!span.error() || blameless.contains(span.span_id()))
            continue;
        if (first < 0 || format::time(span.start()) < format::time(trace.spans(first).start()))
            first = i;
    }
    return first;
}

QList<Share> shares(const Trace& trace)
{
    std::map<QString, double> sums;
    for (const Span& span : trace.spans())
        if (const double waited = waitedFor(span); waited > 0)
            sums[blamed(span)] += waited;
    QList<Share> result;
    for (const auto& [service, sum] : sums)
        result.append({service, sum});
    std::ranges::sort(result, std::greater(), &Share::milliseconds);
    return result;
}

} // namespace tracewords
