// SPDX-License-Identifier: Apache-2.0
// A lane visits targets on one loop and hands out lines. Everything that concerns several targets
// (order, hosts, back-off, exclusion, DNS) is decided before a target comes to a lane, so that a
// lane knows nothing but its own visits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "diagnose/finding.hpp"
#include "doctor/doctor.hpp"
#include "evidence/visit.hpp"
#include "net/dns.hpp"
#include "net/loop.hpp"
#include "net/pace.hpp"
#include "report/json.hpp"

namespace tlsdoctor::fleet {

/// What statistics keep of a result. Equal ones may share one object.
struct Gist {
    Status status{};
    std::string cause{};
    std::string side{};
    std::uint8_t accepted{}; ///< a bit per version that any address accepts; bit 0 = SSL 2.0
    std::string stack{};     ///< empty: not named
    int exit_code{};
    bool reached{}; ///< a TCP connection came about
};

/// A target that was judged.
struct Judged {
    std::string line{}; ///< the whole JSON line with its newline; empty where it is not wanted
    std::string text{}; ///< the line of `-q`; empty where it is not wanted
    std::shared_ptr<const Gist> gist{};
    bool exhausted{}; ///< this machine had no descriptor or port left: no verdict, ask again later
};

/// A target whose name was looked up.
struct Job {
    evidence::Target target{};
    /// Where to go, none of them excluded; or why there is no address.
    std::expected<std::vector<std::string>, net::DnsError> addresses{};
    milliseconds spent{}; ///< of the target's deadline, by the lookup
};

/// How the targets of a run are visited; the same for all its lanes.
struct LaneSettings {
    doctor::Options visit{};
    report::JsonOptions json{};
    bool wants_json{true};
    bool wants_text{};
    bool utf8{true};
    std::size_t connections{}; ///< of this lane at once, at least 1
    std::size_t per_host{16};  ///< connections to one address at once
    net::Pace* pace{};         ///< null: as fast as it goes; shared by all lanes
    /// Returns the exit code of one target; `interrupted`: its deadline cut the visit.
    std::function<int(const diagnose::Diagnosis&, bool interrupted)> exit_code{};
};

/// Visits targets on one loop, whose thread makes and destroys it and calls all its members.
class Lane {
public:
    Lane() = default;
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;
    virtual ~Lane() = default;

    /// Tells whether one more target may begin.
    virtual bool has_room() const = 0;

    /// Visits a target and calls `done` once, from the loop and never from inside `begin`. What
    /// `Loop::cancel_all` cuts is handed out as well; nobody keeps it.
    virtual void begin(Job job, std::move_only_function<void(Judged)> done) = 0;
};

/// Makes the lane for these settings. The settings must outlive it.
std::unique_ptr<Lane> make_lane(net::Loop& loop, const LaneSettings& settings);

} // namespace tlsdoctor::fleet
