// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/log.h"

#include <ctime>
#include <nlohmann/json.hpp>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace shopfleet::runtime {
namespace {

/// The ids travel beside the message, set for the time of one line.
thread_local std::string_view lineTrace;
thread_local std::string_view lineOrder;

class JsonFormatter final : public spdlog::formatter {
public:
    JsonFormatter(std::string service, std::string replica)
        : m_service(std::move(service))
        , m_replica(std::move(replica))
    {
    }

    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override
    {
        nlohmann::ordered_json line;
        const auto us
            = std::chrono::duration_cast<std::chrono::microseconds>(message.time.time_since_epoch())
                  .count();
        const std::time_t seconds = us / 1'000'000;
        std::tm utc = {};
        gmtime_r(&seconds, &utc);
        char date[32] = {};
        std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &utc);
        line["ts"] = fmt::format("{}.{:06}Z", date, us % 1'000'000);
        const auto level = spdlog::level::to_string_view(message.level);
        line["level"] = std::string(level.data(), level.size());
        line["service"] = m_service;
        line["replica"] = m_replica;
        line["msg"] = std::string(message.payload.data(), message.payload.size());
        if (!lineTrace.empty())
            line["trace_id"] = lineTrace;
        if (!lineOrder.empty())
            line["order_id"] = lineOrder;
        const std::string text
            = line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
        out.append(text.data(), text.data() + text.size());
    }

    std::unique_ptr<spdlog::formatter> clone() const override
    {
        return std::make_unique<JsonFormatter>(m_service, m_replica);
    }

private:
    std::string m_service, m_replica;
};

} // namespace

void startLog(const std::string& service, const std::string& replica, const std::string& level)
{
    auto logger = std::make_shared<spdlog::logger>(
        service, std::make_shared<spdlog::sinks::stdout_sink_mt>());
    logger->set_formatter(std::make_unique<JsonFormatter>(service, replica));
    logger->set_level(spdlog::level::from_str(level));
    logger->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(logger));
}

void logLine(spdlog::level::level_enum level, std::string_view message, std::string_view traceId,
    std::string_view orderId)
{
    lineTrace = traceId;
    lineOrder = orderId;
    spdlog::log(level, "{}", message);
    lineTrace = lineOrder = {};
}

} // namespace shopfleet::runtime
