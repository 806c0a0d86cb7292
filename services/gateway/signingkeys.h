// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/gateway/keyring.h"

namespace shopfleet::gateway {

class Caller;

/// Asks accounts for its public keys. The caller must outlive the result.
KeyRing::Fetch fetchSigningKeys(Caller& caller);

} // namespace shopfleet::gateway
