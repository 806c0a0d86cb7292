// SPDX-License-Identifier: GPL-3.0-or-later
// Who is likeliest to be the cause: from what each service does by itself, not from what it
// suffers.
#include "services/control/suspects.h"

#include <QtTest>

#include <google/protobuf/util/time_util.h>

using namespace shopfleet;
using namespace shopfleet::control;

namespace {

constexpr std::int64_t kNow = 1'790'000'000'000'000;

void addNode(traces::v1::CallGraph& graph, const std::string& service, int traces, double ownMs,
    int began = 0)
{
    auto& node = *graph.add_nodes();
    node.set_service(service);
    node.set_traces(traces);
    node.set_began_failures(began);
    *node.mutable_waited_for() = google::protobuf::util::TimeUtil::MicrosecondsToDuration(
        static_cast<std::int64_t>(ownMs * 1'000 * traces));
    graph.set_failed_traces(graph.failed_traces() + began);
}

void addEdge(traces::v1::CallGraph& graph, const std::string& from, const std::string& to)
{
    auto& edge = *graph.add_edges();
    edge.set_from(from);
    edge.set_to(to);
}

/// gateway → orders → payments → provider, and each as it usually is.
Hearing usual()
{
    Hearing hearing;
    hearing.before.emplace();
    for (const char* service : {"gateway", "orders", "payments", "provider"})
        addNode(*hearing.before, service, 100, 3);
    addEdge(*hearing.before, "gateway", "orders");
    addEdge(*hearing.before, "orders", "payments");
    addEdge(*hearing.before, "payments", "provider");
    return hearing;
}

Signs slow(const std::string& service, std::int64_t sinceUs)
{
    Signs signs;
    signs.service = service;
    signs.firstDeviationUs = sinceUs;
    signs.p95Ms = 800;
    signs.usualP95Ms = 10;
    return signs;
}

Signs failing(const std::string& service, std::int64_t sinceUs)
{
    Signs signs;
    signs.service = service;
    signs.firstDeviationUs = sinceUs;
    signs.errorRatio = 0.4;
    return signs;
}

std::string first(const std::vector<v1::Suspect>& suspects)
{
    return suspects.empty() ? std::string() : suspects.front().service();
}

std::string evidenceOf(const v1::Suspect& suspect)
{
    std::string all;
    for (const auto& evidence : suspect.evidence())
        all += evidence + "; ";
    return all;
}

} // namespace

class TestSuspects : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingIsNobody();
    void theSlowOneNotThoseThatWaitForIt();
    void whereFailuresBegin();
    void theOneThatDoesNotServe();
    void goesWithoutTraces();
    void ringsExplainNothing();
    void slowByNatureIsNoSuspect();
    void namesTheChange();
};

void TestSuspects::nothingIsNobody()
{
    QVERIFY(rankSuspects({}, {}).empty());
    Signs well;
    well.service = "orders";
    QVERIFY(rankSuspects({well}, usual()).empty());
}

void TestSuspects::theSlowOneNotThoseThatWaitForIt()
{
    auto hearing = usual();
    hearing.lately.emplace();
    addNode(*hearing.lately, "gateway", 60, 4);
    addNode(*hearing.lately, "orders", 60, 5);
    addNode(*hearing.lately, "payments", 60, 400);
    addNode(*hearing.lately, "provider", 60, 3);
    // The callers are noticed first: they have more calls.
    const auto suspects = rankSuspects(
        {slow("gateway", kNow), slow("orders", kNow), slow("payments", kNow + 3'000'000)}, hearing);
    QCOMPARE(first(suspects), std::string("payments"));
    QVERIFY(suspects[0].score() > 2 * suspects[1].score());
    QVERIFY(evidenceOf(suspects[0]).find("400 ms") != std::string::npos);
    QVERIFY(evidenceOf(suspects[1]).find("it calls payments") != std::string::npos);
}

void TestSuspects::whereFailuresBegin()
{
    auto hearing = usual();
    hearing.lately.emplace();
    addNode(*hearing.lately, "orders", 60, 3, 2);
    addNode(*hearing.lately, "provider", 60, 3, 18);
    const auto suspects = rankSuspects({failing("gateway", kNow), failing("orders", kNow),
                                           failing("payments", kNow), failing("provider", kNow)},
        hearing);
    QCOMPARE(first(suspects), std::string("provider"));
    QCOMPARE(suspects[0].failed_trace_share(), 0.9);
}

void TestSuspects::theOneThatDoesNotServe()
{
    Signs dead;
    dead.service = "payments";
    dead.missing = 1;
    dead.missingWhy = "it does not serve: frozen by a signal";
    dead.replica = "payments-1";
    dead.firstDeviationUs = kNow;
    const auto suspects
        = rankSuspects({failing("gateway", kNow), failing("orders", kNow), dead}, usual());
    QCOMPARE(first(suspects), std::string("payments"));
    QCOMPARE(suspects[0].replica(), std::string("payments-1"));
    QCOMPARE(suspects[0].evidence(0), dead.missingWhy);
    QCOMPARE(suspects[0].facts(0).kind(), std::string("missing"));
    QCOMPARE(suspects[0].facts(0).value(), dead.missing);
    for (const auto& suspect : suspects) // One for one.
        QCOMPARE(suspect.facts_size(), suspect.evidence_size());
}

/// Nobody keeps traces: what is known of the services has to do.
void TestSuspects::goesWithoutTraces()
{
    const auto suspects = rankSuspects({slow("orders", kNow + 9'000'000), slow("cart", kNow)}, {});
    QCOMPARE(first(suspects), std::string("cart"));
    QCOMPARE(suspects.size(), 2U);
}

void TestSuspects::ringsExplainNothing()
{
    Hearing hearing;
    hearing.before.emplace();
    addEdge(*hearing.before, "a", "b");
    addEdge(*hearing.before, "b", "a");
    addEdge(*hearing.before, "a", "a");
    const auto suspects = rankSuspects({failing("a", kNow), failing("b", kNow)}, hearing);
    QCOMPARE(suspects.size(), 2U);
    QCOMPARE(suspects[0].score(), suspects[1].score());
}

void TestSuspects::slowByNatureIsNoSuspect()
{
    auto hearing = usual();
    addNode(*hearing.before, "reports", 100, 900);
    hearing.lately.emplace();
    addNode(*hearing.lately, "reports", 60, 950);
    addNode(*hearing.lately, "payments", 60, 90);
    QCOMPARE(first(rankSuspects({slow("payments", kNow), slow("reports", 0)}, hearing)),
        std::string("payments"));
}

void TestSuspects::namesTheChange()
{
    auto changed = slow("cart", kNow);
    changed.change = "rollout.service_begun 4 s before, rollout 7";
    const auto suspects = rankSuspects({slow("accounts", kNow), changed}, {});
    QCOMPARE(first(suspects), std::string("cart"));
    QVERIFY(evidenceOf(suspects[0]).find(changed.change) != std::string::npos);
}

QTEST_GUILESS_MAIN(TestSuspects)
#include "tst_suspects.moc"
