// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runtime/caller.h"

#include <utility>

namespace shopfleet::runtime {
namespace {

thread_local CallerScope* current = nullptr;

} // namespace

CallerScope::CallerScope(std::function<bool()> isGone)
    : m_isGone(std::move(isGone))
    , m_outer(std::exchange(current, this))
{
}

CallerScope::~CallerScope()
{
    current = m_outer;
}

bool CallerScope::isGone()
{
    return current != nullptr && current->m_isGone();
}

} // namespace shopfleet::runtime
