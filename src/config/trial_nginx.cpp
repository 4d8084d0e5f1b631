// SPDX-License-Identifier: Apache-2.0
// nginx on trial: its listeners, and whatever it would write.
#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/operation.hpp"
#include "config/syntax/block.hpp"
#include "config/trial_plan.hpp"

namespace tlsdoctor::config {

namespace {

/// What a directive becomes.
enum class NginxTrial : std::uint8_t { listen, file, off, one, addresses };

struct NginxTrialRow {
    std::string_view name{};
    NginxTrial what{};
    std::string_view file{}; ///< of the trial's own
};

constexpr NginxTrialRow k_nginx_trial[] = {
    {"listen", NginxTrial::listen, ""},
    {"server", NginxTrial::addresses, ""},
    {"proxy_pass", NginxTrial::addresses, ""},
    {"default", NginxTrial::addresses, ""},
    {"pid", NginxTrial::file, "nginx.pid"},
    {"error_log", NginxTrial::file, "error.log"},
    {"lock_file", NginxTrial::file, "nginx.lock"},
    {"access_log", NginxTrial::off, "off"},
    {"daemon", NginxTrial::off, "off"},
    {"worker_processes", NginxTrial::one, "1"},
    {"client_body_temp_path", NginxTrial::file, "body"},
    {"proxy_temp_path", NginxTrial::file, "proxy"},
    {"fastcgi_temp_path", NginxTrial::file, "fastcgi"},
    {"uwsgi_temp_path", NginxTrial::file, "uwsgi"},
    {"scgi_temp_path", NginxTrial::file, "scgi"},
    {"proxy_cache_path", NginxTrial::file, "proxy-cache"},
    {"fastcgi_cache_path", NginxTrial::file, "fastcgi-cache"},
    {"uwsgi_cache_path", NginxTrial::file, "uwsgi-cache"},
    {"scgi_cache_path", NginxTrial::file, "scgi-cache"},
};

constexpr std::string_view k_nginx_with_e = "1.19.5"; ///< the first that has `-e`

/// Returns where a `listen` goes.
std::string nginx_listener(TrialPlan& plan, const std::string& word) {
    if (word.starts_with("unix:")) {
        const std::size_t number = std::hash<std::string>{}(word);
        return "unix:" + plan.folder.own(fmt::format("{:x}.sock", number));
    }
    const HostPort address = host_port_in(word);
    // On trial the wildcard of IPv6 is one address, so it never takes IPv4 as well.
    return plan.ports.at(address, "80");
}

void prepare_nginx_statement(TrialPlan& plan, const Statement& statement) {
    const auto* const row =
        std::ranges::find(k_nginx_trial, statement.words.front().text, &NginxTrialRow::name);
    if (row == std::end(k_nginx_trial) || statement.words.size() < 2 || statement.section) {
        return;
    }
    const std::string& first = statement.words[1].text;
    switch (row->what) {
    case NginxTrial::listen:
        write_over(plan, statement, 1, 1, nginx_listener(plan, first));
        break;
    case NginxTrial::addresses: // a proxy of another port of this server
        lead_words(plan, statement, 1);
        break;
    case NginxTrial::file:
        if (!first.starts_with("stderr") && !first.starts_with("syslog:")) {
            write_over(plan, statement, 1, 1, plan.folder.own(row->file));
        }
        break;
    case NginxTrial::off:
        write_over(plan, statement, 1, statement.words.size() - 1, std::string{row->file});
        break;
    case NginxTrial::one:
        write_over(plan, statement, 1, 1, std::string{row->file});
        break;
    }
}

/// Adds to the global directives of the command line what the files do not say.
void complete_nginx_globals(TrialPlan& plan, bool has_pid, bool has_daemon) {
    auto& words = plan.command.argv;
    auto globals = std::ranges::find(words, "-g");
    std::string text = globals != words.end() && globals + 1 != words.end() ? *(globals + 1) : "";
    if (!has_pid && !text.contains("pid ")) {
        text += fmt::format(" pid {};", plan.folder.own("nginx.pid"));
    }
    if (!has_daemon && !text.contains("daemon ")) {
        text += " daemon off;";
    }
    if (globals != words.end() && globals + 1 != words.end()) {
        *(globals + 1) = text;
    } else if (!trimmed(text).empty()) {
        words.insert(words.end(), {"-g", std::string{trimmed(text)}});
    }
}

} // namespace

void prepare_nginx(TrialPlan& plan) {
    bool has_pid = false;
    bool has_daemon = false;
    for (const FileId file : server_sources(plan)) {
        const Document document = read_block(plan.sources(), file);
        for_each_statement(document.statements, [&](const Statement& statement) {
            has_pid = has_pid || statement.words.front().text == "pid";
            has_daemon = has_daemon || statement.words.front().text == "daemon";
            prepare_nginx_statement(plan, statement);
        });
    }
    plan.command = start_of(*plan.examination.server, plan.input);
    complete_nginx_globals(plan, has_pid, has_daemon);
    if (!older(plan.examination.reading.server_version, k_nginx_with_e)) {
        auto& words = plan.command.argv;
        const auto log = std::ranges::find(words, "-e");
        if (log != words.end() && log + 1 != words.end()) {
            *(log + 1) = "stderr";
        } else {
            words.insert(words.end(), {"-e", "stderr"});
        }
    }
}

} // namespace tlsdoctor::config
