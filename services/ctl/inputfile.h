// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <memory>
#include <string>

struct gzFile_s;

namespace shopfleet::ctl {

/// A file read front to back, plain or gzip: the first bytes decide, not the name. A gzip file that
/// ends early or whose checksum is wrong is an error, never a short file.
class InputFile {
public:
    static absl::StatusOr<InputFile> open(const std::string& path);

    /// Up to `size` bytes; 0 is the end of the file.
    absl::StatusOr<size_t> read(char* to, size_t size);

private:
    struct Close {
        void operator()(gzFile_s* file) const;
    };
    InputFile(std::string path, gzFile_s* file)
        : m_path(std::move(path))
        , m_file(file)
    {
    }

    std::string m_path;
    std::unique_ptr<gzFile_s, Close> m_file;
};

} // namespace shopfleet::ctl
