// SPDX-License-Identifier: GPL-3.0-or-later
// What a Prometheus is told of where to scrape.
#include "services/control/targets.h"

#include <QtTest>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <unistd.h>

using namespace shopfleet::control;

class TestTargets : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesThoseThatRun();
    void answersOverHttp();
    void refusesAnAddressThatIsTaken();

private:
    /// The whole answer to a GET.
    static std::string get(const std::string& address, const std::string& path);
};

std::string TestTargets::get(const std::string& address, const std::string& path)
{
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port
        = htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1))));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string answer;
    if (::connect(descriptor, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0) {
        const auto request = "GET " + path + " HTTP/1.1\r\nHost: " + address + "\r\n\r\n";
        char buffer[4096];
        if (write(descriptor, request.data(), request.size()) > 0)
            for (ssize_t size = 0; (size = read(descriptor, buffer, sizeof buffer)) > 0;)
                answer.append(buffer, static_cast<std::size_t>(size));
    }
    close(descriptor);
    return answer;
}

void TestTargets::namesThoseThatRun()
{
    v1::Fleet fleet;
    fleet.set_environment("local");
    fleet.set_version("1.0");
    auto& orders = *fleet.add_services();
    orders.set_name("orders");
    auto& first = *orders.add_replicas();
    first.set_id("orders-1");
    first.set_version("1.0");
    first.set_metrics_address("127.0.0.1:4001");
    orders.add_replicas()->set_id("orders-2"); // Is down.
    const auto groups = nlohmann::json::parse(scrapeTargets(fleet, "127.0.0.1:4000"));
    QCOMPARE(groups.size(), 2U);
    QCOMPARE(groups[0]["targets"][0].get<std::string>(), "127.0.0.1:4000");
    QCOMPARE(groups[1]["targets"][0].get<std::string>(), "127.0.0.1:4001");
    QCOMPARE(groups[1]["labels"]["service"].get<std::string>(), "orders");
    QCOMPARE(groups[1]["labels"]["instance"].get<std::string>(), "orders-1");
}

void TestTargets::answersOverHttp()
{
    std::string text = "[]";
    const auto server = TargetServer::start("127.0.0.1:0", [&] { return text; });
    QVERIFY(server.ok());
    const auto good = get((*server)->address(), "/targets");
    QVERIFY2(good.starts_with("HTTP/1.1 200"), good.c_str());
    QVERIFY(good.find("application/json") != std::string::npos && good.ends_with("\r\n\r\n[]"));
    QVERIFY(get((*server)->address(), "/").starts_with("HTTP/1.1 404"));
    text.clear(); // The control plane does not say.
    QVERIFY(get((*server)->address(), "/targets").starts_with("HTTP/1.1 503"));
}

void TestTargets::refusesAnAddressThatIsTaken()
{
    const auto first = TargetServer::start("127.0.0.1:0", [] { return "[]"; });
    QVERIFY(first.ok());
    const auto second = TargetServer::start((*first)->address(), [] { return "[]"; });
    QVERIFY(!second.ok());
    QVERIFY(second.status().message().find("--targets") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestTargets)
#include "tst_targets.moc"
