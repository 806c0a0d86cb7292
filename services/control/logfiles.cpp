// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/logfiles.h"

#include "services/runtime/status.h"

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace shopfleet::control {

namespace {

using google::protobuf::util::TimeUtil;

constexpr std::int64_t kRotateAt = 16 << 20;
constexpr std::int64_t kLargest = 48 << 20;
constexpr std::int64_t kChunk = 256 << 10;
constexpr std::int64_t kSearchAtMost = 64 << 20; // Of one file, from its end.

int levelOf(absl::string_view name)
{
    const auto lower = absl::AsciiStrToLower(name.substr(0, 4));
    static constexpr std::array<absl::string_view, 6> kLevels{
        "trac", "debu", "info", "warn", "erro", "crit"};
    const auto* const found = std::find(kLevels.begin(), kLevels.end(), lower);
    return found == kLevels.end() ? 2 : static_cast<int>(found - kLevels.begin());
}

std::string shown(const nlohmann::json& value)
{
    return value.is_string() ? value.get<std::string>()
                             : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string readPart(int file, std::int64_t from, std::int64_t to)
{
    std::string text(static_cast<std::size_t>(to - from), '\0');
    const auto size = pread(file, text.data(), text.size(), from);
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return text;
}

bool containsIgnoringCase(absl::string_view text, const std::string& part)
{
    const auto found
        = std::search(text.begin(), text.end(), part.begin(), part.end(), [](char a, char b) {
              return absl::ascii_tolower(static_cast<unsigned char>(a))
                  == absl::ascii_tolower(static_cast<unsigned char>(b));
          });
    return found != text.end();
}

} // namespace

std::string logFileOf(const std::string& folder, const std::string& replica)
{
    return absl::StrCat(folder, "/", replica, ".log");
}

void rotateLog(const std::string& file)
{
    struct stat info { };
    if (stat(file.c_str(), &info) == 0 && info.st_size > kRotateAt)
        rename(file.c_str(), absl::StrCat(file, ".1").c_str());
}

void boundLogs(const std::string& folder)
{
    std::error_code ignored;
    for (const auto& file : std::filesystem::directory_iterator(folder, ignored)) {
        if (file.path().extension() != ".log"
            || file.file_size(ignored) < static_cast<std::uintmax_t>(kLargest))
            continue;
        std::filesystem::copy_file(file.path(), file.path().string() + ".1",
            std::filesystem::copy_options::overwrite_existing, ignored);
        // Its writer appends, so it goes on at the new end.
        std::filesystem::resize_file(file.path(), 0, ignored);
    }
}

v1::LogLine parseLogLine(
    absl::string_view text, const std::string& service, const std::string& replica)
{
    v1::LogLine line;
    line.set_service(service);
    line.set_replica(replica);
    // Bytes that are not UTF-8 could not be sent in a proto string.
    const auto json = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
    if (!json.is_object()) {
        std::string clean = nlohmann::json(std::string(text))
                                .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
        clean = nlohmann::json::parse(clean).get<std::string>();
        line.set_message(clean);
        line.set_raw(clean);
        line.set_level("info");
        return line;
    }
    line.set_raw(std::string(text));
    for (const auto& [key, value] : json.items()) {
        if (key == "ts") {
            if (!value.is_string()
                || !TimeUtil::FromString(value.get<std::string>(), line.mutable_at()))
                line.clear_at();
        } else if (key == "level") {
            line.set_level(shown(value));
        } else if (key == "msg") {
            line.set_message(shown(value));
        } else if (key == "trace_id") {
            line.set_trace_id(shown(value));
        } else if (key == "order_id") {
            line.set_order_id(shown(value));
        } else if (key != "service" && key != "replica") {
            (*line.mutable_fields())[key] = shown(value);
        }
    }
    return line;
}

absl::StatusOr<LogFilter> LogFilter::of(const v1::GetLogsRequest& request)
{
    LogFilter filter;
    filter.m_request = request;
    filter.m_minLevel = request.min_level().empty() ? 0 : levelOf(request.min_level());
    if (!request.regex().empty()) {
        RE2::Options options;
        options.set_log_errors(false);
        filter.m_regex = std::make_shared<RE2>(request.regex(), options);
        if (!filter.m_regex->ok())
            return runtime::invalidField("regex", filter.m_regex->error());
    }
    return filter;
}

bool LogFilter::mayMatch(absl::string_view text) const
{
    // A quote within a value is written with a backslash, so this can only be the field.
    constexpr absl::string_view kLevel = "\"level\":\"";
    const auto level = m_minLevel > 0 ? text.find(kLevel) : absl::string_view::npos;
    if (level != absl::string_view::npos
        && levelOf(text.substr(level + kLevel.size(), 8)) < m_minLevel)
        return false;
    return (!m_regex || RE2::PartialMatch({text.data(), text.size()}, *m_regex))
        && (m_request.text().empty() || containsIgnoringCase(text, m_request.text()))
        && (m_request.trace_id().empty() || absl::StrContains(text, m_request.trace_id()))
        && (m_request.order_id().empty() || absl::StrContains(text, m_request.order_id()));
}

bool LogFilter::matches(const v1::LogLine& line) const
{
    if (!m_request.trace_id().empty() && line.trace_id() != m_request.trace_id())
        return false;
    if (!m_request.order_id().empty() && line.order_id() != m_request.order_id())
        return false;
    if (m_minLevel > 0 && levelOf(line.level()) < m_minLevel)
        return false;
    if (m_request.has_from() && (!line.has_at() || line.at() < m_request.from()))
        return false;
    if (m_request.has_to() && (!line.has_at() || line.at() > m_request.to()))
        return false;
    return true;
}

LogTail::LogTail(std::string file, std::string service, std::string replica)
    : m_file(std::move(file))
    , m_service(std::move(service))
    , m_replica(std::move(replica))
{
}

std::vector<v1::LogLine> LogTail::readLast(const LogFilter& filter, std::size_t limit)
{
    std::vector<v1::LogLine> newestFirst;
    const int file = open(m_file.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat info { };
    if (file < 0 || fstat(file, &info) != 0)
        return newestFirst;
    m_inode = info.st_ino;
    m_offset = info.st_size;

    std::string rest; // The beginning of the line that the next part (further up) ends with.
    bool atEnd = true;
    for (std::int64_t to = info.st_size;
         to > 0 && newestFirst.size() < limit && info.st_size - to < kSearchAtMost;) {
        const auto from = std::max<std::int64_t>(0, to - kChunk);
        auto text = readPart(file, from, to) + rest;
        to = from;
        auto lineEnd = text.size();
        if (std::exchange(atEnd, false)) {
            // A last line without its end is still being written.
            const auto last = text.rfind('\n');
            lineEnd = last == std::string::npos ? 0 : last + 1;
            m_offset = from + static_cast<std::int64_t>(lineEnd);
        }
        while (lineEnd > 0 && newestFirst.size() < limit) {
            const auto before = lineEnd < 2 ? std::string::npos : text.rfind('\n', lineEnd - 2);
            if (before == std::string::npos && from > 0)
                break;
            const auto begin = before == std::string::npos ? 0 : before + 1;
            const absl::string_view line = absl::StripTrailingAsciiWhitespace(
                absl::string_view(text).substr(begin, lineEnd - begin));
            if (!line.empty() && filter.mayMatch(line)) {
                auto parsed = parseLogLine(line, m_service, m_replica);
                if (filter.matches(parsed))
                    newestFirst.push_back(std::move(parsed));
            }
            lineEnd = begin;
        }
        rest = text.substr(0, lineEnd);
    }
    close(file);
    std::ranges::reverse(newestFirst);
    return newestFirst;
}

std::vector<v1::LogLine> LogTail::readNew(const LogFilter& filter)
{
    std::vector<v1::LogLine> lines;
    const int file = open(m_file.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat info { };
    if (file < 0 || fstat(file, &info) != 0)
        return lines;
    // Another file, or one that became shorter: it was rotated.
    if (info.st_ino != m_inode || info.st_size < m_offset)
        m_offset = 0;
    m_inode = info.st_ino;
    if (info.st_size > m_offset) {
        const auto text
            = readPart(file, m_offset, std::min<std::int64_t>(info.st_size, m_offset + kChunk));
        auto end = text.rfind('\n');
        // A line longer than a whole part is taken in pieces.
        end = end == std::string::npos ? (text.size() == kChunk ? text.size() : 0) : end + 1;
        m_offset += static_cast<std::int64_t>(end);
        for (const auto line :
            absl::StrSplit(absl::string_view(text).substr(0, end), '\n', absl::SkipEmpty())) {
            if (!filter.mayMatch(line))
                continue;
            auto parsed = parseLogLine(line, m_service, m_replica);
            if (filter.matches(parsed))
                lines.push_back(std::move(parsed));
        }
    }
    close(file);
    return lines;
}

void mergeByTime(std::vector<v1::LogLine>* lines, std::size_t limit)
{
    // A line without a time (a stack trace, a foreign program) stays after the one before it.
    google::protobuf::Timestamp last;
    for (auto& line : *lines) {
        if (!line.has_at())
            *line.mutable_at() = last;
        last = line.at();
    }
    std::ranges::stable_sort(*lines, [](const auto& a, const auto& b) { return a.at() < b.at(); });
    if (lines->size() > limit)
        lines->erase(lines->begin(), lines->end() - static_cast<std::ptrdiff_t>(limit));
}

} // namespace shopfleet::control
