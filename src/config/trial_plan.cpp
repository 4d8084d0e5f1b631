// SPDX-License-Identifier: Apache-2.0
// What the servers' preparations have in common.
#include "config/trial_plan.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <unistd.h>

namespace tlsdoctor::config {

namespace {

constexpr std::array k_trials = {
    std::pair<std::string_view, PrepareTrial>{"nginx", prepare_nginx},
    std::pair<std::string_view, PrepareTrial>{"apache", prepare_apache},
    std::pair<std::string_view, PrepareTrial>{"haproxy", prepare_haproxy},
    std::pair<std::string_view, PrepareTrial>{"postfix", prepare_postfix},
    std::pair<std::string_view, PrepareTrial>{"dovecot", prepare_dovecot},
};

/// The files that join the sources without being the server's own.
std::set<std::string> foreign_paths(const TrialPlan& plan) {
    const Beneath& beneath = plan.examination.beneath;
    std::set<std::string> paths{beneath.openssl_conf, beneath.gnutls_conf};
    paths.insert(beneath.java_security.begin(), beneath.java_security.end());
    for (const Service& service : plan.examination.reading.services) {
        paths.insert(service.openssl_conf);
        paths.insert(service.certificates.begin(), service.certificates.end());
    }
    std::set<std::string> real;
    for (const std::string& path : paths) {
        real.insert(path.empty() ? path : plan.input.files.real_path(path));
    }
    return real;
}

} // namespace

PrepareTrial trial_of(std::string_view server) {
    const auto row =
        std::ranges::find(k_trials, server, &std::pair<std::string_view, PrepareTrial>::first);
    return row == k_trials.end() ? nullptr : row->second;
}

std::vector<FileId> server_sources(const TrialPlan& plan) {
    const std::set<std::string> foreign = foreign_paths(plan);
    std::vector<FileId> files;
    for (std::size_t i = 0; i < plan.sources().size(); ++i) {
        const auto file = static_cast<FileId>(i);
        const std::string& path = plan.sources().at(file).path;
        const bool script = !plan.input.start.words.empty() &&
                            plan.input.start.words.front().place.file == file &&
                            path != plan.input.files.real_path(plan.input.main);
        if (!script && !foreign.contains(path)) {
            files.push_back(file);
        }
    }
    return files;
}

std::optional<FileId> source_at(const TrialPlan& plan, const std::string& path) {
    for (std::size_t i = 0; i < plan.sources().size(); ++i) {
        if (plan.sources().at(static_cast<FileId>(i)).path == path) {
            return static_cast<FileId>(i);
        }
    }
    return std::nullopt;
}

void for_each_statement(
    const std::vector<Statement>& statements, const std::function<void(const Statement&)>& use
) {
    for (const Statement& statement : statements) {
        if (!statement.words.empty()) {
            use(statement);
        }
        for_each_statement(statement.body, use);
    }
}

void write_over(
    TrialPlan& plan, const Statement& statement, std::size_t first, std::size_t last,
    std::string text
) {
    if (last < statement.words.size() && first <= last) {
        const Place begin = statement.words[first].place;
        const Place end = statement.words[last].place;
        plan.edits[begin.file].push_back(
            {.range = {begin.file, begin.begin, end.end}, .text = std::move(text)}
        );
    }
}

void lead_words(TrialPlan& plan, const Statement& statement, std::size_t first) {
    for (std::size_t i = first; i < statement.words.size(); ++i) {
        if (auto led = plan.ports.known(statement.words[i].text)) {
            write_over(plan, statement, i, i, *std::move(led));
        }
    }
}

void lead_environment(TrialPlan& plan) {
    for (auto& [name, value] : plan.command.set) {
        if (auto led = plan.ports.known(value)) {
            value = *std::move(led);
        }
    }
}

bool is_root() {
    return geteuid() == 0;
}

} // namespace tlsdoctor::config
