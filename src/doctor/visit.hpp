// SPDX-License-Identifier: Apache-2.0
// One target, from its name to the evidence of all its addresses. Fills a Visit that it does not
// own, so that a run which is cut finds there what was known so far.
#pragma once

#include "doctor/doctor.hpp"
#include "net/awaitable.hpp"
#include "net/dns.hpp"
#include "net/loop.hpp"

namespace tlsdoctor::doctor {

/// Gathers the evidence about `visit.target` into `visit`, at most until the target's deadline.
/// Borrows all arguments until it ends.
asio::awaitable<void>
gather(net::Loop& loop, net::Resolver& resolver, const Options& options, evidence::Visit& visit);

} // namespace tlsdoctor::doctor
