// SPDX-License-Identifier: Apache-2.0
// The rows of data/fixes.tsv that are the client's. The server that the user has in mind is not
// known here: it is called HOST.
#include "advise/client_file.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "diagnose/client_case.hpp"
#include "diagnose/diagnose.hpp"
#include "diagnose/diagnose_client.hpp"

namespace tlsdoctor::advise {

namespace {

/// Which rows speak of a program; the others are called as the program is.
constexpr std::pair<std::string_view, std::string_view> k_products[] = {
    {"curl", "curl/OpenSSL"}, {"Wget", "curl/OpenSSL"}, {"OpenSSL", "curl/OpenSSL"},
    {"Git", "curl/OpenSSL"},  {"Ruby", "curl/OpenSSL"}, {"PHP", "curl/OpenSSL"},
    {"Perl", "curl/OpenSSL"}, {"pip", "Python"},        {"npm", "Node.js"},
    {"PowerShell", ".NET"},
};

std::string_view product_of(const evidence::ClientVisit& visit) {
    if (!visit.program || visit.program->command.empty()) {
        return "";
    }
    const std::string_view name = diagnose::program_name(visit.program->command.front());
    const auto* const row =
        std::ranges::find_if(k_products, [&](const auto& pair) { return pair.first == name; });
    return row == std::end(k_products) ? name : row->second;
}

std::string for_some_host(std::string_view text) {
    constexpr std::pair<std::string_view, std::string_view> k_stand_ins[] = {
        {"{host}", "HOST"}, {"{name}", "HOST"}, {"{target}", "HOST"}, {"{port}", "443"}
    };
    std::string result;
    while (!text.empty()) {
        const auto* const found = std::ranges::find_if(k_stand_ins, [&](const auto& pair) {
            return text.starts_with(pair.first);
        });
        const bool replace = found != std::end(k_stand_ins);
        result += replace ? found->second : text.substr(0, 1);
        text.remove_prefix(replace ? found->first.size() : 1);
    }
    return result;
}

} // namespace

std::string command_for(const evidence::ClientVisit& visit) {
    if (!visit.program) {
        return "tlsdoctor client";
    }
    std::string command = "tlsdoctor client --";
    for (const std::string& word : visit.program->command) {
        command += " " + shell_word(word);
    }
    return command;
}

std::vector<Fix>
fixes_for(const diagnose::Diagnosis& diagnosis, const evidence::ClientVisit& visit) {
    std::vector<Fix> fixes;
    const Status status =
        diagnosis.findings.empty() ? Status::ok : diagnosis.findings.front().status;
    if (status == Status::ok || status == Status::unsure) {
        return fixes; // what is not known is asked again as the summary says
    }
    const std::string_view cause = diagnosis.findings.front().cause->name;
    const std::string_view product = product_of(visit);
    for (const FixRow& row : fix_rows()) {
        if (row.cause == cause && row.side == Side::client) {
            fixes.push_back(
                {.side = row.side,
                 .product = std::string{row.product},
                 .where = for_some_host(row.where),
                 .text = for_some_host(row.text),
                 .cost = for_some_host(row.cost),
                 .verify = command_for(visit)}
            );
        }
    }
    // What is wrong with a URL is the same in every program.
    const bool in_url = cause == "client_speaks_plain_to_tls";
    const auto fits = [&](const Fix& fix) {
        return fix.product == (in_url ? "any" : product);
    };
    if (std::ranges::any_of(fixes, fits)) {
        std::erase_if(fixes, [&](const Fix& fix) { return !fits(fix) && fix.product != "any"; });
        std::ranges::stable_partition(fixes, fits);
    }
    return fixes;
}

LocalFile local_file(evidence::LocalMachine machine) {
    LocalFile file{.machine = std::move(machine)};
    for (const evidence::LocalProgram& program : file.machine.programs) {
        file.clients.push_back(client_file(program.visit));
    }
    return file;
}

const diagnose::Finding* worst_of(const LocalFile& file) {
    const diagnose::Finding* worst = nullptr;
    for (const ClientFile& client : file.clients) {
        const diagnose::Finding& verdict = client.diagnosis.findings.front();
        if (worst == nullptr || diagnose::worse(verdict, *worst)) {
            worst = &verdict;
        }
    }
    return worst;
}

ClientFile client_file(evidence::ClientVisit visit) {
    ClientFile file{.visit = std::move(visit)};
    file.diagnosis = diagnose::diagnose(file.visit);
    file.fixes = fixes_for(file.diagnosis, file.visit);
    return file;
}

} // namespace tlsdoctor::advise
