// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/database.h"
#include "services/runtime/telemetry.h"

#include <ctime>
#include <fstream>
#include <prometheus/collectable.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <sys/resource.h>
#include <unistd.h>

namespace shopfleet::runtime {
namespace {

double residentBytes()
{
    std::ifstream file("/proc/self/statm");
    double size = 0;
    double resident = 0;
    file >> size >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double cpuSeconds()
{
    rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Read when it is asked for: figures of a scrape are those of its moment.
class Process final : public prometheus::Collectable {
public:
    explicit Process(const Database* database)
        : m_database(database)
        , m_started(static_cast<double>(std::time(nullptr)))
    {
    }

    std::vector<prometheus::MetricFamily> Collect() const override
    {
        std::vector<prometheus::MetricFamily> families;
        const auto add = [&families](const char* name, const char* help,
                             prometheus::MetricType type, double value) {
            prometheus::ClientMetric metric;
            if (type == prometheus::MetricType::Counter)
                metric.counter.value = value;
            else
                metric.gauge.value = value;
            families.push_back({name, help, type, {metric}});
        };
        using prometheus::MetricType;
        add("process_cpu_seconds_total", "Processor time.", MetricType::Counter, cpuSeconds());
        add("process_resident_memory_bytes", "Resident memory.", MetricType::Gauge,
            residentBytes());
        add("process_start_time_seconds", "Start, since 1970.", MetricType::Gauge, m_started);
        if (m_database) {
            add("shopfleet_writer", "1 while this replica writes.", MetricType::Gauge,
                m_database->isWriter() ? 1 : 0);
            add("shopfleet_writer_queue_depth", "Writes that wait.", MetricType::Gauge,
                static_cast<double>(m_database->queued()));
            add("shopfleet_commits_total", "Transactions.", MetricType::Counter,
                static_cast<double>(m_database->commits()));
            add("shopfleet_writes_total", "Writes in them.", MetricType::Counter,
                static_cast<double>(m_database->written()));
        }
        return families;
    }

private:
    const Database* m_database;
    double m_started;
};

} // namespace

std::shared_ptr<prometheus::Collectable> processMetrics(const Database* database)
{
    return std::make_shared<Process>(database);
}

} // namespace shopfleet::runtime
