// SPDX-License-Identifier: Apache-2.0
// A second opinion: the server's own test of a configuration, and what it prints of it, held
// against our reading. Only commands that read are run; a server is never started.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "config/server.hpp"

namespace tlsdoctor::config {

/// One thing that the server said.
struct Opinion {
    std::string command{}; ///< as one would type it
    std::string words{};   ///< the server's own, or what differs, as a sentence; printable
    bool agrees{};
    bool asked{true};   ///< false: it was run and could not answer (permissions, deadline)
    std::string file{}; ///< where its words point to; empty: nowhere
    std::size_t line{};
};

/// A command and what it said.
struct Answer {
    std::string command{};
    int exit_code{};
    std::string output{};
};

/// Asks the server whose program is installed. `main` is the file that it would read; `start` adds
/// what it needs to know (PostgreSQL's data directory). Empty where it has no such command.
std::vector<Opinion> opinions(
    const Server& server, const Reading& reading, const std::string& main, const StartCommand& start
);

/// Judges an answer, without running anything.
std::vector<Opinion>
opinions_in(const Server& server, const Reading& reading, const Answer& answer);

/// A place that a message points to: `in /etc/x.conf:7`, `[/etc/x.cfg:7]`, `line 7 of /etc/x.conf`,
/// `/etc/x.conf line 7`, `file "/etc/x.conf" line 7`.
struct PointedAt {
    std::string file{};
    std::size_t line{};
};

/// Finds it; an empty file where there is none.
PointedAt pointed_at(std::string_view message);

} // namespace tlsdoctor::config
