// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

namespace shopfleet::runtime {

/// While it lives, this thread's reads of a database are for somebody who may be gone: they end
/// with CANCELLED within a few milliseconds once `isGone` says so.
class CallerScope {
public:
    explicit CallerScope(std::function<bool()> isGone);
    ~CallerScope();
    CallerScope(const CallerScope&) = delete;
    CallerScope& operator=(const CallerScope&) = delete;

    /// What a database asks now and then in the middle of a read.
    static bool isGone();

private:
    std::function<bool()> m_isGone;
    CallerScope* m_outer;
};

} // namespace shopfleet::runtime
