// SPDX-License-Identifier: Apache-2.0
// Records clients: runs a program against the recording server, or listens for whoever comes. What
// comes out is evidence; nothing is judged here.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "evidence/client_visit.hpp"
#include "peer/recorder.hpp"
#include "process/run.hpp"

namespace tlsdoctor::cli {

/// Returns the command with `{}` as HOST:PORT, `{host}` and `{port}` filled in.
std::vector<std::string>
filled_command(std::span<const std::string> command, std::string_view host, std::uint16_t port);

/// Tells whether a command names the host that it is given (`{}` or `{host}`).
bool names_host(std::span<const std::string> command);

/// Returns what the recorder heard as evidence, with its lists; `from` is when the recording began.
evidence::HeardHello to_evidence(const peer::Heard& heard, TimePoint from);

/// Returns how a program ended as evidence.
evidence::ProgramRun to_evidence(const process::Result& result, std::vector<std::string> command);

/// Returns the environment that keeps a command from taking a forward proxy to this machine.
std::vector<std::pair<std::string, std::string>> without_proxy();

/// Runs the command against a recording server of its own. The error says why no port was opened.
std::expected<evidence::ClientVisit, std::string>
record_program(const ClientOptions& options, const process::Interruption& interruption);

/// What listening came to.
struct Listened {
    evidence::ClientVisit visit{}; ///< everything that was kept, of all clients
    std::size_t dropped{};         ///< connections beyond what is kept
};

/// Listens until the deadline (a day, where the user sets none), the count or an interrupt; hands
/// over each connection as it ends, and stops early where `on_heard` returns false. `on_open`
/// learns the port. The count is of all connections, of those that were dropped too.
std::expected<Listened, std::string> listen_for_clients(
    const ClientOptions& options, const process::Interruption& interruption,
    const std::function<void(std::uint16_t)>& on_open,
    const std::function<bool(const evidence::HeardHello&, const evidence::ClientVisit&)>& on_heard,
    const peer::RecorderLimits& limits = {}
);

/// Returns who a connection belongs to: the first label of its server name, else the port.
std::string label_of(const evidence::HeardHello& heard, std::uint16_t port);

/// Parts a recording of several clients by their labels, in the order in which they came.
std::vector<evidence::ClientVisit> by_label(const evidence::ClientVisit& visit);

} // namespace tlsdoctor::cli
