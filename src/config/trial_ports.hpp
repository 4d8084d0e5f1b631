// SPDX-License-Identifier: Apache-2.0
// Where the listeners of a server on trial go: every address becomes one of loopback, every port a
// free one, and what were two sockets stay two.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tlsdoctor::config {

/// The two parts of `10.0.0.1:443`; a host of IPv6 has its brackets.
struct HostPort {
    std::string host{}; ///< empty: every address
    std::string port{}; ///< empty where there is none
};

/// Reads `443`, `*:443`, `:443`, `[::]:443`, `:::443`, `10.0.0.1`, `localhost:443`, and parts that
/// are variables.
HostPort host_port_in(std::string_view text);

/// Gives out addresses and remembers them.
class TrialPorts final {
public:
    /// `known` are the addresses of the services, `0.0.0.0:443`.
    explicit TrialPorts(const std::vector<std::string>& known);

    /// Returns where an address goes; a part that is a variable (`$`) stays as it is.
    std::string at(const HostPort& address, std::string_view otherwise_port = {});
    std::string host(const std::string& host);
    std::string port(const std::string& port);

    /// Returns what a word becomes that is a known address, host or port, as the argument of a
    /// macro or the value of a variable may be; nullopt for any other word.
    std::optional<std::string> known(const std::string& word);

    /// Returns where services listen on that port, `127.0.0.1:20001` each; one place where none is
    /// known.
    std::vector<std::string> all_at(const HostPort& address);

    /// Returns where each known address goes.
    std::map<std::string, std::string> addresses();

    /// Returns why some address has no place; empty where all have.
    const std::string& problem() const { return problem_; }

private:
    std::string free_port();

    std::vector<HostPort> known_{};
    std::map<std::string, std::string> hosts_{};
    std::map<std::string, std::string> ports_{};
    int specific_{};
    std::string problem_{};
};

} // namespace tlsdoctor::config
