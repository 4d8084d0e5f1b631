// SPDX-License-Identifier: Apache-2.0
// Which of the lines that decide are to blame: those that keep TLS 1.2 or TLS 1.3 away, or let in
// what is older.
#pragma once

#include <vector>

#include "config/judge.hpp"
#include "config/service.hpp"

namespace tlsdoctor::config {

/// Turns `effective` into `guilty` where a line's aspect explains what is wrong with its service;
/// `effective[i]` belongs to `reading.services[i]`. Where no line of that aspect is there, the one
/// that stands for the default does (a reader names it: what turns TLS on, or opens the address).
void mark_guilty(const Reading& reading, std::vector<Effective>& effective);

/// Tells whether somebody who wrote this wanted TLS on the address: clear text is nobody's fault
/// where nobody did. Ports such as 443 mean it; on port 80 only a certificate or a switch does.
bool meant_for_tls(const Service& service, const Effective& effective);

} // namespace tlsdoctor::config
