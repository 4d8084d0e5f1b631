// SPDX-License-Identifier: Apache-2.0
// Apache on trial: its listeners and virtual hosts, and the logs, sockets and caches that it would
// share with the running one.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/operation.hpp"
#include "config/syntax/apache.hpp"
#include "config/trial_plan.hpp"

namespace tlsdoctor::config {

namespace {

/// Directives whose first word is a file of the running server.
struct ApacheStateRow {
    std::string_view name{};
    std::string_view file{};
};
constexpr ApacheStateRow k_apache_state[] = {
    {"errorlog", "error.log"},     {"customlog", "access.log"},   {"globallog", "access.log"},
    {"transferlog", "access.log"}, {"forensiclog", "access.log"}, {"pidfile", "httpd.pid"},
    {"scoreboardfile", "score"},   {"scriptsock", "cgisock"},     {"lockfile", "lock"},
    {"defaultruntimedir", "run"},  {"cacheroot", "cache"},        {"davlockdb", "davlock"},
    {"coredumpdirectory", "run"},  {"mdstoredir", "md"},
};
/// Those with `type:/path(size)`.
constexpr std::array<std::string_view, 3> k_apache_stores = {
    "sslsessioncache", "sslstaplingcache", "mutex"
};
/// Debian's variables for the same, which its start script sets.
struct ApacheVariable {
    std::string_view name{};
    std::string_view file{};  ///< in the trial's folder
    std::string_view value{}; ///< where it is no path
};
constexpr ApacheVariable k_apache_variables[] = {
    {"APACHE_PID_FILE", "httpd.pid", ""}, {"APACHE_RUN_DIR", "run", ""},
    {"APACHE_LOCK_DIR", "run", ""},       {"APACHE_LOG_DIR", "run", ""},
    {"APACHE_RUN_USER", "", "www-data"},  {"APACHE_RUN_GROUP", "", "www-data"},
};

/// Returns an address of a `<VirtualHost>` on trial; `*` stays the wildcard that it is: only what
/// listens is private.
std::string apache_host_on_trial(TrialPlan& plan, const std::string& word) {
    const std::size_t colon = word.rfind(':');
    const bool any = word.starts_with('*') || same_ignoring_case(word.substr(0, 9), "_default_");
    if (!any) {
        const HostPort address = host_port_in(word);
        return address.port.empty() ? plan.ports.host(address.host) : plan.ports.at(address);
    }
    if (colon == word.npos || word.ends_with(":*")) {
        return word;
    }
    return word.substr(0, colon + 1) + plan.ports.port(word.substr(colon + 1));
}

/// A `Listen` for every address becomes one for each address of a service.
void lead_listen(TrialPlan& plan, const Statement& statement) {
    const HostPort address = host_port_in(statement.words[1].text);
    std::string behind;
    for (std::size_t i = 2; i < statement.words.size(); ++i) {
        behind += " " + statement.words[i].text;
    }
    std::string text;
    for (const std::string& place : plan.ports.all_at(address)) {
        text += fmt::format("{}Listen {}{}", text.empty() ? "" : "\n", place, behind);
    }
    write_over(plan, statement, 0, statement.words.size() - 1, text);
}

void lead_virtual_host(TrialPlan& plan, const Statement& statement) {
    for (std::size_t i = 1; i < statement.words.size(); ++i) {
        write_over(plan, statement, i, i, apache_host_on_trial(plan, statement.words[i].text));
    }
}

/// `shmcb:/run/ssl_scache(512000)` becomes one of the trial's own.
void lead_store(TrialPlan& plan, const Statement& statement, const std::string& name) {
    const std::string& word = statement.words[1].text;
    const std::size_t slash = word.find('/');
    if (slash != word.npos && word.find('$') > slash) {
        const std::size_t end =
            name == "mutex" ? word.size() : std::min(word.find('('), word.size());
        write_over(
            plan, statement, 1, 1,
            word.substr(0, slash) + plan.folder.own(name == "mutex" ? "run" : name) +
                word.substr(end)
        );
    }
}

void prepare_apache_statement(TrialPlan& plan, const Statement& statement) {
    const std::string name = lower(statement.words.front().text);
    if (statement.words.size() < 2) {
        return;
    }
    const auto* const state = std::ranges::find(k_apache_state, name, &ApacheStateRow::name);
    if (name == "listen") {
        lead_listen(plan, statement);
    } else if (statement.section && name.ends_with("virtualhost")) {
        lead_virtual_host(plan, statement);
    } else if (name == "namevirtualhost") {
        lead_virtual_host(plan, statement);
    } else if (name == "use" || name == "define") {
        lead_words(plan, statement, 2);
    } else if (state != std::end(k_apache_state)) {
        write_over(plan, statement, 1, 1, fmt::format("\"{}\"", plan.folder.own(state->file)));
    } else if (std::ranges::find(k_apache_stores, name) != k_apache_stores.end()) {
        lead_store(plan, statement, name);
    }
}

void set_variables(TrialPlan& plan) {
    auto& set = plan.command.set;
    for (const ApacheVariable& variable : k_apache_variables) {
        const auto row =
            std::ranges::find(set, variable.name, &std::pair<std::string, std::string>::first);
        const bool path = variable.value.empty();
        const std::string value =
            path ? plan.folder.own(variable.file) : std::string{variable.value};
        if (row == set.end()) {
            set.emplace_back(variable.name, value);
        } else if (path) {
            row->second = value;
        }
    }
}

} // namespace

void prepare_apache(TrialPlan& plan) {
    for (const FileId file : server_sources(plan)) {
        const Document document = read_sections(plan.sources(), file, k_apache_dialect);
        for_each_statement(document.statements, [&](const Statement& statement) {
            prepare_apache_statement(plan, statement);
        });
    }
    plan.command = start_of(*plan.examination.server, plan.input);
    lead_environment(plan);
    set_variables(plan);
    plan.own_words = {"-DFOREGROUND"};
    plan.behind[plan.input.files.real_path(plan.input.main)] = fmt::format(
        "\nPidFile \"{}\"\nDefaultRuntimeDir \"{}\"\nErrorLog \"{}\"\n",
        plan.folder.own("httpd.pid"), plan.folder.own("run"), plan.folder.own("error.log")
    );
}

} // namespace tlsdoctor::config
