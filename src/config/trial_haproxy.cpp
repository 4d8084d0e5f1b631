// SPDX-License-Identifier: Apache-2.0
// HAProxy on trial: its listeners and the sockets, logs and process numbers of its `global`.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/operation.hpp"
#include "config/syntax/haproxy.hpp"
#include "config/trial_plan.hpp"

namespace tlsdoctor::config {

namespace {

/// What `global` says of the machine and not of TLS; what needs root goes where we are not root.
constexpr std::array<std::string_view, 2> k_haproxy_left_out = {"pidfile", "log"};
constexpr std::array<std::string_view, 5> k_haproxy_of_root = {
    "chroot", "user", "group", "uid", "gid"
};

void comment_out(TrialPlan& plan, const Statement& statement) {
    // Every word goes, so that a line that is continued leaves nothing behind.
    write_over(plan, statement, 0, statement.words.size() - 1, "# left out on trial");
}

std::string without_quotes(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c != '"' && c != '\'') {
            result += c;
        }
    }
    return result;
}

/// Returns where one address of a `bind` line goes; sockets of Unix go into the trial's folder.
std::string haproxy_listener(TrialPlan& plan, std::string_view text) {
    const bool path = text.starts_with('/');
    if (path || text.starts_with("unix@") || text.starts_with("abns@")) {
        const std::size_t number = std::hash<std::string_view>{}(text);
        return plan.folder.own(fmt::format("{:x}.sock", number));
    }
    if (text.starts_with("fd@") || text.starts_with("quic") || text.starts_with("sockpair@")) {
        plan.problem = fmt::format("`bind {}` cannot be led to a port of loopback", text);
        return std::string{text};
    }
    const bool six = text.starts_with("ipv6@");
    if (six || text.starts_with("ipv4@")) {
        text.remove_prefix(5);
    }
    HostPort address = host_port_in(text);
    if (address.port.contains('-')) {
        plan.problem = fmt::format("`bind {}` has a range of ports", text);
    }
    if (six && address.host == "0.0.0.0") {
        address.host = "[::]";
    }
    return plan.ports.at(address);
}

void lead_bind(TrialPlan& plan, const Statement& statement) {
    const std::string all = without_quotes(statement.words[1].text);
    std::string led;
    for (const std::string_view one : split(all, ',')) {
        led += (led.empty() ? "" : ",") + haproxy_listener(plan, one);
    }
    // Variables count between double quotes only.
    write_over(plan, statement, 1, 1, led.contains('$') ? fmt::format("\"{}\"", led) : led);
}

/// Server lines may lead to another listener of the same process.
void lead_haproxy_server(TrialPlan& plan, const Statement& statement) {
    for (std::size_t i = 2; i < std::min<std::size_t>(statement.words.size(), 3); ++i) {
        if (auto led = plan.ports.known(without_quotes(statement.words[i].text))) {
            write_over(plan, statement, i, i, *std::move(led));
        }
    }
}

void prepare_haproxy_statement(
    TrialPlan& plan, const Statement& statement, const std::string& section
) {
    const std::string& name = statement.words.front().text;
    const auto is = [&](const auto& names) {
        return std::ranges::find(names, name) != names.end();
    };
    if (name == "bind" && statement.words.size() > 1) {
        lead_bind(plan, statement);
    } else if (name == "server" && section != "global") {
        lead_haproxy_server(plan, statement);
    } else if (section == "peers" && (name == "peer" || name == "server")) {
        comment_out(plan, statement);
    } else if (section != "global") {
        return;
    } else if (is(k_haproxy_left_out) || (is(k_haproxy_of_root) && !is_root())) {
        comment_out(plan, statement);
    } else if (name == "stats" && statement.words.size() > 2 &&
               statement.words[1].text == "socket") {
        write_over(plan, statement, 2, 2, plan.folder.own("stats.sock"));
    } else if (name == "setenv" || name == "presetenv") {
        lead_words(plan, statement, 2);
    }
}

} // namespace

void prepare_haproxy(TrialPlan& plan) {
    constexpr std::array<std::string_view, 12> k_sections = {"global",    "defaults", "frontend",
                                                             "backend",   "listen",   "peers",
                                                             "resolvers", "userlist", "cache",
                                                             "program",   "ring",     "mailers"};
    for (const FileId file : server_sources(plan)) {
        const Document document = read_haproxy_lines(plan.sources(), file);
        std::string section;
        for_each_statement(document.statements, [&](const Statement& statement) {
            const std::string& name = statement.words.front().text;
            if (std::ranges::find(k_sections, name) != k_sections.end()) {
                section = name;
            } else {
                prepare_haproxy_statement(plan, statement, section);
            }
        });
    }
    plan.command = start_of(*plan.examination.server, plan.input);
    plan.own_words = {"-db"};
    lead_environment(plan);
}

} // namespace tlsdoctor::config
