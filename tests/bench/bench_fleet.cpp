// SPDX-License-Identifier: GPL-3.0-or-later
// How soon the fleet stands, serves again after a kill -9, and grows; each with customers who buy.
// Beside it, in the same run, what people would use instead, where that is installed.
#include "figures.h"
#include "peers.h"
#include "tests/system/realfleet.h"

#include <QCoreApplication>

#include <csignal>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace shopfleet;

namespace {

constexpr int kKillsEach = 5;
constexpr int kScalings = 5;
constexpr int kFreezes = 5;
constexpr int kReaders = 8;

[[noreturn]] void giveUp(const std::string& why)
{
    std::fprintf(stderr, "bench_fleet: %s\n", why.c_str());
    std::exit(EXIT_FAILURE);
}

void waitFor(const std::function<bool()>& there, const std::string& what)
{
    QElapsedTimer timer;
    timer.start();
    while (!there()) {
        if (timer.elapsed() > 20'000)
            giveUp(what + " did not happen within 20 s");
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
}

double msSince(const QElapsedTimer& timer)
{
    return static_cast<double>(timer.nsecsElapsed()) / 1e6;
}

/// From kill -9 of a service's only replica until another process answers at the same name.
double recovery(RealFleet& fleet, const std::string& service)
{
    Reads reads(service);
    waitFor([&] { return reads.good > 5; }, service + " read");
    const auto pid = fleet.service(service).replicas(0).pid();
    QElapsedTimer timer;
    timer.start();
    ::kill(static_cast<pid_t>(pid), SIGKILL);
    waitFor([&] { return fleet.serves(service, 1, pid); }, service + " back");
    const int before = reads.good;
    waitFor([&] { return reads.good > before; }, service + " read again");
    return msSince(timer);
}

/// Adds each service's times, one line a round on stderr.
void killAll(RealFleet& fleet, const std::vector<std::string>& services, std::vector<double>& all)
{
    for (int i = 0; i < kKillsEach; ++i) {
        std::string line;
        for (const std::string& service : services) {
            all.push_back(recovery(fleet, service));
            line += " " + service + " " + std::to_string(std::lround(all.back()));
            std::this_thread::sleep_for(std::chrono::seconds(2)); // No crash loop.
        }
        std::fprintf(stderr, "bench_fleet: ms until served again:%s\n", line.c_str());
    }
}

/// The medians that ours stand against: the best of the peers that are installed.
struct Ceilings {
    std::optional<double> recoveryMs, scaleMs;
};

void printPeer(
    const std::string& name, const std::optional<bench::PeerFigures>& peer, Ceilings& best)
{
    if (!peer) {
        std::fprintf(stderr, "bench_fleet: %s is not installed (or did not start): left out\n",
            name.c_str());
        return;
    }
    const double recovery = bench::median(peer->recoveryMs);
    const double scale = bench::median(peer->scaleMs);
    bench::figure((name + "_recovery").c_str(), recovery, "ms");
    bench::figure((name + "_scale_1_to_4").c_str(), scale, "ms");
    bench::figure((name + "_hung").c_str(), peer->hung, "requests");
    bench::figure((name + "_resident").c_str(), peer->residentMb, "MB");
    best.recoveryMs = std::min(recovery, best.recoveryMs.value_or(recovery));
    best.scaleMs = std::min(scale, best.scaleMs.value_or(scale));
}

Ceilings benchPeers()
{
    Ceilings best;
    printPeer("pm2", bench::measurePm2(), best);
    printPeer("supervisord", bench::measureSupervisord(), best);
    return best;
}

void printRecovery(std::vector<double> all, const Ceilings& peers)
{
    bench::figure("fleet_recovery", bench::median(all), "ms", peers.recoveryMs);
    std::sort(all.begin(), all.end());
    bench::figure("fleet_recovery_p95", all[all.size() * 95 / 100], "ms");
}

void benchScaling(RealFleet& fleet, const Ceilings& peers)
{
    std::vector<double> up;
    for (int i = 0; i < kScalings; ++i) {
        QElapsedTimer timer;
        timer.start();
        if (!fleet.scale("inventory", 4))
            giveUp("inventory was not scaled");
        waitFor([&] { return fleet.serves("inventory", 4); }, "four replicas");
        up.push_back(msSince(timer));
        if (!fleet.scale("inventory", 1))
            giveUp("inventory was not scaled");
        waitFor([&] { return fleet.serves("inventory", 1); }, "one replica");
    }
    bench::figure("fleet_scale_1_to_4", bench::median(up), "ms", peers.scaleMs);
}

/// One of three replicas stops without a word: how many reads fail, and for how long any does.
void benchFrozen(RealFleet& fleet)
{
    if (!fleet.scale("inventory", 3))
        giveUp("inventory was not scaled");
    waitFor([&] { return fleet.serves("inventory", 3); }, "three replicas");
    std::vector<double> last;
    double failed = 0;
    double all = 0;
    for (int i = 0; i < kFreezes; ++i) {
        std::vector<std::unique_ptr<Reads>> readers; // As many at once as would be noticed.
        for (int reader = 0; reader < kReaders; ++reader)
            readers.push_back(std::make_unique<Reads>("inventory"));
        const auto sum = [&](std::atomic<int> Reads::*what) {
            int count = 0;
            for (const auto& reader : readers)
                count += (*reader).*what;
            return count;
        };
        std::this_thread::sleep_for(std::chrono::seconds(1));
        const auto view = fleet.service("inventory");
        const auto pid = view.replicas(1).pid(); // Not the first: that one writes.
        QElapsedTimer timer;
        timer.start();
        ::kill(static_cast<pid_t>(pid), SIGSTOP);
        double lastMs = 0;
        for (int before = 0; timer.elapsed() < 10'000;) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            const int now = sum(&Reads::failed);
            if (now != before)
                lastMs = msSince(timer);
            before = now;
        }
        last.push_back(lastMs);
        failed += sum(&Reads::failed);
        all += sum(&Reads::failed) + sum(&Reads::good);
        waitFor([&] { return fleet.serves("inventory", 3, pid); }, "a replacement");
    }
    bench::figure("fleet_frozen_failed", failed / all * 100, "%", 0.2);
    bench::figure("fleet_frozen_last_failure", bench::median(last), "ms", 2'000);
    if (!fleet.scale("inventory", 1))
        giveUp("inventory was not scaled");
    waitFor([&] { return fleet.serves("inventory", 1); }, "one replica");
}

/// What shopfleetctl shop said at its end, as JSON.
void benchShoppers(QProcess& shoppers)
{
    ::kill(static_cast<pid_t>(shoppers.processId()), SIGINT);
    shoppers.waitForFinished();
    const auto report = nlohmann::json::parse(shoppers.readAllStandardOutput().toStdString());
    const auto requests = report["requests"].get<double>();
    bench::figure("fleet_shop_requests", requests, "requests");
    bench::figure("fleet_shop_failed", report["failed"].get<double>(), "requests", requests);
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    qputenv("GRPC_VERBOSITY", "NONE");
    return bench::run(argc, argv,
        {{"fleet", [] {
              const Ceilings peers = benchPeers();
              RealFleet fleet;
              QElapsedTimer timer;
              timer.start();
              if (!fleet.start())
                  giveUp("the control plane did not start");
              waitFor([&] { return fleet.allServe(); }, "the fleet's start");
              bench::figure("fleet_start", msSince(timer), "ms");

              // Before the shoppers come: here its port is another one each time, and they stay
              // at the old.
              std::vector<double> recoveries;
              killAll(fleet, {"gateway"}, recoveries);

              const QStringList ours = {u"--control"_s, QString::fromStdString(fleet.address())};
              const QString tool = QStringLiteral(PROGRAMS "/shopfleetctl");
              QProcess import; // What it says is no figure.
              import.start(tool,
                  QStringList{u"import"_s, u"online-retail"_s,
                      QStringLiteral(SOURCE_ROOT "/resources/sample/online-retail-sample.csv.gz")}
                      + ours);
              if (!import.waitForFinished(60'000) || import.exitCode() != 0)
                  giveUp("the sample was not imported");
              QProcess shoppers;
              shoppers.setStandardErrorFile(QProcess::nullDevice());
              shoppers.start(tool,
                  QStringList{u"shop"_s, u"--rate"_s, u"50"_s, u"--json"_s, u"--gateway"_s,
                      QString::fromStdString(fleet.fleet().gateway_address())}
                      + ours);
              killAll(fleet, {"accounts", "inventory", "cart", "orders", "payments", "deliveries"},
                  recoveries);
              printRecovery(recoveries, peers);
              benchScaling(fleet, peers);
              benchFrozen(fleet);
              benchShoppers(shoppers);
          }}});
}
