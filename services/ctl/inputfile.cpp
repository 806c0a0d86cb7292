// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ctl/inputfile.h"

#include <absl/strings/match.h>

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <sys/stat.h>
#include <zlib.h>

namespace shopfleet::ctl {

void InputFile::Close::operator()(gzFile_s* file) const
{
    gzclose_r(file);
}

absl::StatusOr<InputFile> InputFile::open(const std::string& path)
{
    struct stat facts { };
    if (stat(path.c_str(), &facts) != 0)
        return absl::NotFoundError(fmt::format("{}: {}", path, std::strerror(errno)));
    if (S_ISDIR(facts.st_mode))
        return absl::InvalidArgumentError(fmt::format("{}: is a directory", path));

    gzFile file = gzopen(path.c_str(), "rb");
    if (file == nullptr)
        return absl::PermissionDeniedError(fmt::format("{}: {}", path, std::strerror(errno)));
    InputFile input(path, file);
    gzbuffer(file, 256 * 1024);
    // gzdirect() looks at the first bytes: true when zlib would hand them on unchanged.
    if (facts.st_size > 0 && absl::EndsWithIgnoreCase(path, ".gz") && gzdirect(file) == 1)
        return absl::InvalidArgumentError(
            fmt::format("{}: is named .gz but is not a gzip file", path));
    return input;
}

absl::StatusOr<size_t> InputFile::read(char* to, size_t size)
{
    const int count = gzread(m_file.get(), to, static_cast<unsigned>(size));
    int code = Z_OK;
    const char* why = gzerror(m_file.get(), &code);
    if (code == Z_BUF_ERROR)
        return absl::DataLossError(
            fmt::format("{}: the gzip file ends too early (truncated)", m_path));
    if (count < 0 || (code != Z_OK && code != Z_STREAM_END)) {
        const std::string reason = code == Z_ERRNO ? std::strerror(errno) : why;
        return absl::DataLossError(fmt::format("{}: damaged: {}", m_path, reason));
    }
    return static_cast<size_t>(count);
}

} // namespace shopfleet::ctl
