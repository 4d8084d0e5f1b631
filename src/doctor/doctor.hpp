// SPDX-License-Identifier: Apache-2.0
// The visit: resolves a target, asks every address, gathers the evidence, and has it diagnosed.
// Runs its own event loop on the calling thread; every wait in it has a deadline.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "advise/case_file.hpp"
#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "client/change.hpp"
#include "client/profile.hpp"
#include "diagnose/finding.hpp"
#include "evidence/visit.hpp"
#include "net/proxy.hpp"

namespace tlsdoctor::doctor {

/// Whose hellos to send beside our own.
struct Simulation {
    bool all{};                   ///< `--clients`: every known client's
    const client::Profile* one{}; ///< `--client ID`
    Bytes recorded{};             ///< `--client FILE`: a hello with its records, readable
    std::string label{};          ///< what to call the sender of that
};

/// What to enumerate beside the visit.
struct InventoryWish {
    bool suites{}; ///< `--suites-only`, `--full`
    bool rest{};   ///< `--full`: groups, signature schemes, certificates, features ...

    /// Tells whether anything is wanted.
    [[nodiscard]] bool any() const { return suites || rest; }
};

/// How to reach a target and how much to ask.
struct Options {
    bool versions_only{}; ///< version probes and their verdict alone
    bool scout{};    ///< one question goes ahead of the others: of many targets many are not there
    bool insecure{}; ///< certificate trust is not judged
    bool ipv4{true}; ///< visit A records
    bool ipv6{true}; ///< visit AAAA records
    std::string connect_address{}; ///< `--connect`: go here instead of resolving the host
    std::optional<std::uint16_t> connect_port{}; ///< `--connect IP:PORT`
    std::optional<net::Proxy> proxy{};           ///< `--proxy`: it connects, and resolves the host
    std::string ca_file{};                       ///< trust these roots instead of the system's
    std::string certificate_file{}; ///< `--cert`: our own, for servers that ask for one
    std::string key_file{};         ///< `--key`; empty: in `certificate_file`
    milliseconds answer_timeout{5'000};
    milliseconds connect_timeout{3'000};
    milliseconds deadline{30'000};   ///< per target, kept whatever the peer does
    std::size_t repeat{1};           ///< `--repeat`: how often to ask the same
    std::size_t parallel_targets{8}; ///< targets visited at once
    Simulation simulation{};
    bool foretells_clients{true}; ///< say how the known clients would fare
    InventoryWish inventory{};
    std::optional<client::Change> what_if{}; ///< what would it mean for the known clients?
    diagnose::Question question{};
    RandomSource random{}; ///< empty: the system's
};

/// What the caller hears while the visits go on; both may be empty.
struct Hooks {
    /// A target is done. Called in the order of the targets.
    std::function<void(const advise::CaseFile&)> on_case{};
    /// One line for a terminal, at most four times a second, only after a second has passed.
    std::function<void(const std::string&)> on_progress{};
};

/// Visits every target. Returns true where SIGINT or SIGTERM cut the run: the targets that were
/// under way are reported with what was known and `not_tested`, the ones not begun likewise.
bool check(std::span<const evidence::Target> targets, const Options& options, const Hooks& hooks);

/// Diagnoses a recorded visit again: the second half of `check`, without a network.
advise::CaseFile review(evidence::Visit visit, const Options& options);

} // namespace tlsdoctor::doctor
