// SPDX-License-Identifier: GPL-3.0-or-later
// A day of traces in less than a day: the service takes 2,000 spans a second by OTLP, on a disk
// that is as much smaller than its usual one as the time is shorter, so that it is filled and
// emptied as often. SHOPFLEET_SOAK_MINUTES: how long, 1 if unset; 45 with 8 MiB are a day with 256
// MiB.
#include "figures.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.grpc.pb.h"
#include "shopfleet/traces/v1/traces.grpc.pb.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QThread>

#include <absl/strings/str_cat.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <fstream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

using namespace Qt::StringLiterals;
using namespace shopfleet;
using namespace std::chrono_literals;
namespace otlp = opentelemetry::proto::collector::trace::v1;

namespace {

constexpr int kSpansPerSecond = 2'000;
constexpr int kSpansPerTrace = 10;
constexpr int kBatchesPerSecond = 20;
constexpr int kBoundMb = 8;
constexpr double kSearchMs = 100;
constexpr std::size_t kRemembered = 500; // Orders, of which one is looked for.

[[noreturn]] void giveUp(const std::string& why)
{
    std::fprintf(stderr, "bench_traces: %s\n", why.c_str());
    std::exit(EXIT_FAILURE);
}

/// The tracesd beside this program, on a folder of its own.
class Service {
public:
    Service()
    {
        const QString announce = m_folder.filePath(u"announce.json"_s);
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.setStandardOutputFile(QProcess::nullDevice());
        m_process.start(QStringLiteral(PROGRAMS "/tracesd"),
            {u"--listen"_s, u"127.0.0.1:0"_s, u"--metrics"_s, u"127.0.0.1:0"_s, u"--data"_s, data(),
                u"--announce"_s, announce, u"--most-mb"_s, QString::number(kBoundMb)});
        for (int i = 0; i < 1'000 && !QFile::exists(announce); ++i)
            QThread::msleep(10);
        std::ifstream file(announce.toStdString());
        const auto facts = nlohmann::json::parse(file, nullptr, false);
        if (!facts.is_object())
            giveUp("tracesd did not start");
        address = facts.value("address", "");
        metrics = facts.value("metrics", "");
    }
    ~Service()
    {
        m_process.terminate();
        m_process.waitForFinished(30'000);
    }

    double diskMb() const
    {
        qint64 bytes = 0;
        for (const auto& file : QDir(data()).entryInfoList(QDir::Files))
            bytes += file.size();
        return static_cast<double>(bytes) / 1e6;
    }

    double residentMb() const
    {
        std::ifstream file("/proc/" + std::to_string(m_process.processId()) + "/status");
        for (std::string line; std::getline(file, line);)
            if (line.starts_with("VmRSS:"))
                return std::stod(line.substr(6)) / 1024;
        return 0;
    }

    /// Of what Prometheus would read.
    double counter(const std::string& name) const
    {
        const auto parts = QString::fromStdString(metrics).split(u':');
        QTcpSocket socket;
        socket.connectToHost(parts.value(0), static_cast<quint16>(parts.value(1).toInt()));
        socket.write("GET /metrics HTTP/1.0\r\n\r\n");
        while (socket.waitForReadyRead(2'000)) { }
        for (const QByteArray& line : socket.readAll().split('\n'))
            if (line.startsWith(QByteArray::fromStdString(name) + ' '))
                return line.mid(qsizetype(name.size())).toDouble();
        return 0;
    }

    std::string address, metrics;

private:
    QString data() const { return m_folder.filePath(u"traces"_s); }

    QTemporaryDir m_folder;
    QProcess m_process;
};

/// What four kinds of requests leave behind: of a hundred two fail, of others three are slow.
class Customers {
public:
    /// `failed`: the orders of those that did, which are kept for sure.
    otlp::ExportTraceServiceRequest batch(int traces, std::vector<std::string>& failed)
    {
        static constexpr const char* kRoots[]
            = {"PlaceOrder", "GetCart", "SearchProducts", "AddToCart"};
        static constexpr const char* kServices[]
            = {"gateway", "orders", "inventory", "cart", "payments"};
        otlp::ExportTraceServiceRequest request;
        std::vector<otlp::ScopeSpans*> groups;
        for (const char* service : kServices) {
            auto& group = *request.add_resource_spans();
            attribute(*group.mutable_resource(), "service.name", service);
            attribute(
                *group.mutable_resource(), "service.instance.id", absl::StrCat(service, "-1"));
            groups.push_back(group.add_scope_spans());
        }
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        for (int i = 0; i < traces; ++i) {
            const bool fails = m_number % 50 == 0;
            const bool isSlow = m_number % 33 == 1;
            const std::string id = bytes(16);
            const std::string order = std::to_string(2'000'000 + m_number);
            const char* root = kRoots[m_number++ % std::size(kRoots)];
            const auto length = isSlow ? 700ms : 8ms;
            std::string parent;
            for (int step = 0; step < kSpansPerTrace; ++step) {
                auto& span = *groups[static_cast<std::size_t>(step) % groups.size()]->add_spans();
                span.set_trace_id(id);
                span.set_span_id(bytes(8));
                span.set_parent_span_id(parent);
                span.set_name(absl::StrCat("shopfleet.v1.Service/", root));
                span.set_kind(otlp::Span::SPAN_KIND_SERVER);
                attribute(span, "rpc.method", root);
                if (step == 1)
                    attribute(span, "order.id", order);
                const auto from = now + std::chrono::microseconds(300) * step;
                span.set_start_time_unix_nano(ns(from));
                span.set_end_time_unix_nano(ns(from + length));
                if (fails && step == kSpansPerTrace - 1) {
                    span.mutable_status()->set_code(otlp::Status::STATUS_CODE_ERROR);
                    span.mutable_status()->set_message("the bank is closed");
                    failed.push_back(order);
                }
                parent = span.span_id();
            }
        }
        return request;
    }

private:
    static std::uint64_t ns(std::chrono::nanoseconds time)
    {
        return static_cast<std::uint64_t>(time.count());
    }

    static void attribute(auto& holder, const char* key, const std::string& value)
    {
        auto& added = *holder.add_attributes();
        added.set_key(key);
        added.mutable_value()->set_string_value(value);
    }

    std::string bytes(std::size_t count)
    {
        std::string all;
        while (all.size() < count) {
            const auto number = m_random();
            all.append(reinterpret_cast<const char*>(&number), sizeof number);
        }
        return all.substr(0, count);
    }

    std::mt19937_64 m_random{1};
    std::size_t m_number = 0;
};

/// Support, who looks up an order ten times a second.
class Searches {
public:
    explicit Searches(const std::string& address)
        : m_stub(traces::v1::Traces::NewStub(
            grpc::CreateChannel(address, grpc::InsecureChannelCredentials())))
        , m_thread([this](const std::stop_token& stop) { run(stop); })
    {
    }

    void remember(const std::vector<std::string>& orders)
    {
        const std::lock_guard lock(m_mutex);
        m_orders.insert(m_orders.end(), orders.begin(), orders.end());
        if (m_orders.size() > kRemembered)
            m_orders.erase(
                m_orders.begin(), m_orders.end() - static_cast<std::ptrdiff_t>(kRemembered));
    }

    void stop()
    {
        m_thread.request_stop();
        m_thread.join();
    }

    std::vector<double> ms; // To be read after stop(), as the others.
    int missed = 0; ///< Not found, though it failed more than five seconds ago.
    int unanswered = 0;

private:
    void run(const std::stop_token& stop)
    {
        std::mt19937 random(2);
        while (!stop.stop_requested()) {
            std::this_thread::sleep_for(100ms);
            std::string order;
            {
                // Newer ones are not whole yet; the last five seconds are some twenty.
                const std::lock_guard lock(m_mutex);
                const std::size_t whole = m_orders.size() > 40 ? m_orders.size() - 40 : 0;
                if (whole == 0)
                    continue;
                order = m_orders[random() % whole];
            }
            grpc::ClientContext context;
            context.set_deadline(std::chrono::system_clock::now() + 5s);
            traces::v1::SearchTracesRequest request;
            request.set_filter("order_id = \"" + order + '"');
            traces::v1::SearchTracesResponse response;
            const auto began = std::chrono::steady_clock::now();
            const auto status = m_stub->SearchTraces(&context, request, &response);
            ms.push_back(
                std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began)
                    .count());
            unanswered += status.ok() ? 0 : 1;
            missed += status.ok() && response.traces().empty() ? 1 : 0;
        }
    }

    std::unique_ptr<traces::v1::Traces::Stub> m_stub;
    std::mutex m_mutex;
    std::vector<std::string> m_orders;
    std::jthread m_thread;
};

void soak()
{
    const int minutes = std::max(1, qEnvironmentVariableIntValue("SHOPFLEET_SOAK_MINUTES"));
    const Service service;
    const auto stub = otlp::TraceService::NewStub(
        grpc::CreateChannel(service.address, grpc::InsecureChannelCredentials()));
    Searches searches(service.address);
    Customers customers;
    double sent = 0;
    double refused = 0;
    double disk = 0;
    double resident = 0;
    const auto began = std::chrono::steady_clock::now();
    const int batches = minutes * 60 * kBatchesPerSecond;
    for (int i = 0; i < batches; ++i) {
        std::this_thread::sleep_until(began + i * (1'000ms / kBatchesPerSecond));
        std::vector<std::string> failed;
        const auto request
            = customers.batch(kSpansPerSecond / kBatchesPerSecond / kSpansPerTrace, failed);
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + 5s);
        otlp::ExportTraceServiceResponse response;
        const bool taken = stub->Export(&context, request, &response).ok();
        (taken ? sent : refused) += kSpansPerSecond / kBatchesPerSecond;
        if (taken)
            searches.remember(failed);
        if (i % kBatchesPerSecond == 0) {
            disk = std::max(disk, service.diskMb());
            resident = std::max(resident, service.residentMb());
        }
        if (i % (60 * kBatchesPerSecond) == 0)
            std::fprintf(stderr,
                "bench_traces: minute %d: %.0f spans, %.1f MB on the disk, %.1f MB resident\n",
                i / (60 * kBatchesPerSecond), sent, service.diskMb(), service.residentMb());
    }
    const double seconds
        = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    searches.stop();
    if (searches.ms.empty())
        giveUp("nothing was looked for");
    grpc::ClientContext context;
    traces::v1::SearchTracesResponse held;
    traces::v1::Traces::NewStub(
        grpc::CreateChannel(service.address, grpc::InsecureChannelCredentials()))
        ->SearchTraces(&context, {}, &held);
    const double kept = service.counter(R"(shopfleet_traces_total{became="kept"})");
    bench::figure("traces_soak_spans_per_second", sent / seconds, "1/s", kSpansPerSecond);
    bench::figure("traces_soak_refused", refused, "spans", sent + refused);
    bench::figure("traces_soak_turnovers",
        kept / std::max(1.0, static_cast<double>(held.total_size())), "times");
    bench::figure("traces_soak_disk_most", disk, "MB", kBoundMb * 1.048576);
    bench::figure("traces_soak_resident_most", resident, "MB");
    bench::figure(
        "traces_soak_order_search_p50", bench::quantile(searches.ms, 0.5), "ms", kSearchMs);
    bench::figure(
        "traces_soak_order_search_p95", bench::quantile(searches.ms, 0.95), "ms", kSearchMs);
    bench::figure("traces_soak_order_search_missed", searches.missed + searches.unanswered,
        "searches", static_cast<double>(searches.ms.size()));
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    qputenv("GRPC_VERBOSITY", "NONE"); // tracesd alone asks in vain who writes.
    return bench::run(argc, argv, {{"traces_soak", &soak}});
}
