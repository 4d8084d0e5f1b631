// SPDX-License-Identifier: Apache-2.0
// A wait for nothing but time: between two segments that must not be joined, or before asking
// somebody again who may have had enough of us.
#pragma once

#include "base/clock.hpp"
#include "net/awaitable.hpp"
#include "net/loop.hpp"

namespace tlsdoctor::net {

/// Waits until then, or until `Loop::cancel_all`.
asio::awaitable<void> pause(Loop& loop, TimePoint until);

} // namespace tlsdoctor::net
