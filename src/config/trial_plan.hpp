// SPDX-License-Identifier: Apache-2.0
// What each server needs to be put on trial: which words of its files lead to ports, logs, sockets
// and caches, and how it is started. One function for each server that can be tried.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/examine.hpp"
#include "config/syntax/document.hpp"
#include "config/trial_folder.hpp"
#include "config/trial_ports.hpp"
#include "process/run.hpp"

namespace tlsdoctor::config {

/// A trial being prepared.
struct TrialPlan {
    const Examination& examination; ///< of the files with the changes
    const Input& input;
    TrialFolder& folder;
    TrialPorts& ports;
    std::map<FileId, std::vector<Edit>> edits{};
    std::map<std::string, std::string> behind{}; ///< text put behind a source, by its real path
    process::Command command{};                  ///< paths not led into the mirrors yet
    std::vector<std::string> own_words{};        ///< words behind those of the command
    std::string problem{};                       ///< why it cannot be tried; empty: it can

    const Sources& sources() const { return examination.reading.sources; }
};

/// Fills in a plan.
using PrepareTrial = void (*)(TrialPlan& plan);

/// Returns the function of a server; null where it cannot be tried.
PrepareTrial trial_of(std::string_view server);

void prepare_nginx(TrialPlan& plan);   ///< nginx
void prepare_apache(TrialPlan& plan);  ///< Apache
void prepare_haproxy(TrialPlan& plan); ///< HAProxy
void prepare_postfix(TrialPlan& plan); ///< Postfix
void prepare_dovecot(TrialPlan& plan); ///< Dovecot

/// Returns the sources that the server itself reads: not the start script, not the library's files,
/// not certificates.
std::vector<FileId> server_sources(const TrialPlan& plan);

/// Returns the number of a source; nullopt where it is none.
std::optional<FileId> source_at(const TrialPlan& plan, const std::string& path);

/// Calls `use` for each statement, those in sections too.
void for_each_statement(
    const std::vector<Statement>& statements, const std::function<void(const Statement&)>& use
);

/// Writes another text over words `first` to `last`.
void write_over(
    TrialPlan& plan, const Statement& statement, std::size_t first, std::size_t last,
    std::string text
);

/// Puts `known` addresses in the place of words that are some, in a statement and in the
/// environment of the command.
void lead_words(TrialPlan& plan, const Statement& statement, std::size_t first);
void lead_environment(TrialPlan& plan);

/// Tells whether we are root.
bool is_root();

} // namespace tlsdoctor::config
