// SPDX-License-Identifier: GPL-3.0-or-later
// libtrouble.so, for LD_PRELOAD: a disk that fails to sync, and a machine whose clock somebody sets
// while the program runs. libfaketime has no such clock for one program of many, and lets a futex
// of absl wait by the true one: gRPC's timers stand still then.
#include "tests/system/trouble.h"

#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <ctime>
#include <dlfcn.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/time.h>

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

Trouble* ours()
{
    static Trouble* const s_trouble = [] {
        const char* folder = std::getenv("TROUBLE");
        return folder == nullptr
            ? nullptr
            : Trouble::open(std::string(folder) + "/" + program_invocation_short_name, false);
    }();
    return s_trouble;
}

/// What would have been called without us.
template <class Function>
Function* next(const char* name)
{
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

std::int64_t ahead()
{
    const auto* trouble = ours();
    return trouble ? trouble->clockNs.load() : 0;
}

timespec moved(const timespec& time, std::int64_t by)
{
    const std::int64_t ns = std::int64_t(time.tv_sec) * kSecond + time.tv_nsec + by;
    return {ns / kSecond, ns % kSecond};
}

int sync(const char* name, int file)
{
    if (auto* trouble = ours(); trouble && trouble->syncFails != 0) {
        ++trouble->syncsFailed;
        errno = EIO;
        return -1;
    }
    return next<int(int)>(name)(file);
}

} // namespace

extern "C" {

int fsync(int file)
{
    return sync("fsync", file);
}

int fdatasync(int file)
{
    return sync("fdatasync", file);
}

int clock_gettime(clockid_t clock, timespec* time) noexcept
{
    static auto* const s_real = next<int(clockid_t, timespec*)>("clock_gettime");
    const int result = s_real(clock, time);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        *time = moved(*time, ahead());
    return result;
}

time_t time(time_t* where) noexcept
{
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (where)
        *where = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(timeval* where, void*) noexcept
{
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    *where = {now.tv_sec, now.tv_nsec / 1'000};
    return 0;
}

// Who waits until a time of the machine's clock has it from above, and the kernel knows the true
// one. A small time is one of the other clock, which counts from the machine's start.
int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until)
{
    static auto* const s_real
        = next<int(pthread_cond_t*, pthread_mutex_t*, const timespec*)>("pthread_cond_timedwait");
    constexpr time_t kLongAgo = 1'000'000'000; // 2001.
    const timespec real = until->tv_sec < kLongAgo ? *until : moved(*until, -ahead());
    return s_real(condition, mutex, &real);
}

long syscall(long number, ...) noexcept
{
    static auto* const s_real = next<long(long, ...)>("syscall");
    va_list list;
    va_start(list, number);
    long a[6];
    for (long& each : a)
        each = va_arg(list, long);
    va_end(list);
    timespec real{};
    if (number == SYS_futex && (a[1] & FUTEX_CLOCK_REALTIME) != 0 && a[3] != 0) {
        real = moved(*reinterpret_cast<const timespec*>(a[3]), -ahead());
        a[3] = reinterpret_cast<long>(&real);
    }
    return s_real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
}
