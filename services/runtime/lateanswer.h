// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <grpcpp/alarm.h>
#include <grpcpp/grpcpp.h>

#include <atomic>
#include <chrono>

namespace shopfleet::runtime {

/// An answer that may come late, or not before its caller has gone: what a sandbox plays.
class LateAnswer final : public grpc::ServerUnaryReactor {
public:
    void give(const grpc::Status& status, std::chrono::milliseconds after = {})
    {
        if (after.count() == 0)
            return Finish(status);
        m_late.Set(
            std::chrono::system_clock::now() + after, [this, status](bool) { Finish(status); });
    }
    /// Never: the call ends with its caller's patience.
    void keep()
    {
        if (m_kept.exchange(true))
            Finish(grpc::Status::CANCELLED);
    }

private:
    void OnCancel() override { keep(); }
    void OnDone() override { delete this; }

    grpc::Alarm m_late;
    std::atomic<bool> m_kept = false; ///< Of the two, keep() and the caller's end, the first.
};

} // namespace shopfleet::runtime
