// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/control/journal.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace shopfleet::control {

namespace {

absl::Status failed(const std::string& file)
{
    return absl::UnavailableError(absl::StrCat("cannot write ", file, ": ", std::strerror(errno)));
}

bool writeAll(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const auto size = ::write(descriptor, text.data(), text.size());
        if (size < 0 && errno != EINTR)
            return false;
        text.remove_prefix(size > 0 ? static_cast<std::size_t>(size) : 0);
    }
    return true;
}

} // namespace

Journal::Journal(std::string file)
    : m_file(std::move(file))
{
}

Journal::~Journal()
{
    close(m_descriptor);
}

std::vector<std::string> Journal::read() const
{
    std::ifstream file(m_file, std::ios::binary);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    std::vector<std::string> lines;
    for (std::size_t begin = 0, end = 0; (end = text.find('\n', begin)) != std::string::npos;
         begin = end + 1)
        lines.push_back(text.substr(begin, end - begin));
    return lines;
}

absl::Status Journal::open()
{
    m_descriptor = ::open(m_file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (m_descriptor < 0)
        return failed(m_file);
    // Ends what a crash left without an end, so that it does not run into the next line.
    char last = '\n';
    const auto size = lseek(m_descriptor, 0, SEEK_END);
    if (size > 0 && pread(m_descriptor, &last, 1, size - 1) == 1 && last != '\n'
        && !writeAll(m_descriptor, "\n"))
        return failed(m_file);
    return absl::OkStatus();
}

absl::Status Journal::append(const std::string& line, bool sync)
{
    if (m_descriptor < 0) {
        if (auto status = open(); !status.ok())
            return status;
    }
    if (!writeAll(m_descriptor, absl::StrCat(line, "\n")) || (sync && fdatasync(m_descriptor) != 0))
        return failed(m_file);
    return absl::OkStatus();
}

absl::Status Journal::replace(const std::vector<std::string>& lines)
{
    const auto fresh = absl::StrCat(m_file, ".new");
    const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    const auto text = lines.empty() ? std::string() : absl::StrJoin(lines, "\n") + "\n";
    const bool written
        = descriptor >= 0 && writeAll(descriptor, text) && fdatasync(descriptor) == 0;
    auto status
        = written && rename(fresh.c_str(), m_file.c_str()) == 0 ? absl::OkStatus() : failed(m_file);
    close(descriptor);
    close(m_descriptor);
    m_descriptor = -1;
    return status;
}

} // namespace shopfleet::control
