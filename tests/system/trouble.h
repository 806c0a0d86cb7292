// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <fcntl.h>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

/// What goes wrong in one program that was started with libtrouble.so: a page that it shares with
/// the test, in $TROUBLE/PROGRAM. Its zeroes mean: nothing.
struct Trouble {
    std::atomic<std::int64_t> clockNs; ///< The machine's clock is so much ahead.
    std::atomic<std::int32_t> syncFails; ///< Each fsync fails with EIO.
    std::atomic<std::int32_t> syncsFailed; ///< How many did.

    /// Null where the file cannot be had. Lives as long as the process does.
    static Trouble* open(const std::string& path, bool create)
    {
        const int file = ::open(path.c_str(), create ? O_RDWR | O_CREAT : O_RDWR | O_CLOEXEC, 0600);
        if (file < 0)
            return nullptr;
        void* page = MAP_FAILED;
        if (!create || ::ftruncate(file, sizeof(Trouble)) == 0)
            page = ::mmap(nullptr, sizeof(Trouble), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        ::close(file);
        return page == MAP_FAILED ? nullptr : static_cast<Trouble*>(page);
    }
};
