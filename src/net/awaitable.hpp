// SPDX-License-Identifier: Apache-2.0
// The one spelling of a coroutine in this program: `asio::awaitable<T>`, awaited as its own
// statement on named objects (CONTRIBUTING.md; GCC 12.2 miscompiles other forms silently,
// tools/check_coroutines.py).
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tlsdoctor {

namespace asio = boost::asio;

namespace net {

/// Makes Asio's operations return `std::tuple<error_code, ...>` instead of throwing.
inline constexpr auto k_as_tuple = asio::as_tuple(asio::use_awaitable);

} // namespace net
} // namespace tlsdoctor
