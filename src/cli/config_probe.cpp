// SPDX-License-Identifier: Apache-2.0
// One target for each address and name; what it accepts is held against the prediction.
#include "cli/config_probe.hpp"

#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "cli/target.hpp"
#include "config/trial_ports.hpp"
#include "doctor/doctor.hpp"
#include "evidence/facts.hpp"

namespace tlsdoctor::cli {

namespace {

constexpr std::size_t k_most_asked = 200;
constexpr std::size_t k_most_shown_differences = 8;
constexpr milliseconds k_probe_answer{8'000};
constexpr milliseconds k_probe_deadline{40'000};
constexpr std::string_view k_any_name = "any-other-name.invalid";

/// Returns a name that the service answers, empty for none; nullopt where none can be told (a
/// regular expression).
std::optional<std::string> name_for(const std::optional<std::string>& sni) {
    if (!sni) {
        return std::string{};
    }
    if (*sni == "*") {
        return std::string{k_any_name};
    }
    const auto name = read_name(sni->starts_with("*.") ? "any-other-name" + sni->substr(1) : *sni);
    return name ? std::optional{*name} : std::nullopt;
}

/// A service that is asked.
struct Asked {
    std::size_t service{};
    evidence::Target target{};
};

/// What is asked, and what cannot be.
struct Questions {
    std::vector<Asked> asked{};
    std::vector<std::string> not_asked{};
};

std::string who(const config::Service& service) {
    return fmt::format("{} {}", service.address, service.sni.value_or("without a name"));
}

std::optional<evidence::Target>
target_of(const config::Service& service, const std::string& place) {
    const auto name = name_for(service.sni);
    if (!name) {
        return std::nullopt;
    }
    const TargetRules rules{
        .sni = name->empty() ? std::nullopt : name,
        .no_sni = name->empty(),
        .starttls = service.starttls.value_or("none")
    };
    auto target = read_target(place, rules);
    return target ? std::optional{*std::move(target)} : std::nullopt;
}

Questions
questions_for(const config::Examination& examination, const config::TrialAddresses& addresses) {
    Questions questions;
    const auto& services = examination.reading.services;
    for (std::size_t i = 0; i < services.size(); ++i) {
        const auto place = addresses.find(services[i].address);
        if (place == addresses.end()) {
            continue;
        }
        auto target = target_of(services[i], place->second);
        if (!target || questions.asked.size() == k_most_asked) {
            questions.not_asked.push_back(who(services[i]));
        } else {
            questions.asked.push_back({.service = i, .target = *std::move(target)});
        }
    }
    return questions;
}

config::VersionSet accepted_in(const advise::CaseFile& file) {
    config::VersionSet set;
    for (const evidence::Endpoint& endpoint : file.visit.endpoints) {
        for (const ProtocolVersion version : evidence::accepted_versions(endpoint)) {
            set.add(version);
        }
    }
    return set;
}

void tell(std::string& text, const std::string& more) {
    text += (text.empty() ? "" : "; ") + more;
}

} // namespace

WireAnswer
ask_services(const config::Examination& examination, const config::TrialAddresses& addresses) {
    const Questions questions = questions_for(examination, addresses);
    std::vector<evidence::Target> targets;
    for (const Asked& one : questions.asked) {
        targets.push_back(one.target);
    }
    WireAnswer answer{.as_predicted = true};
    std::size_t differences = 0;
    const auto hear = [&](const advise::CaseFile& file) {
        const std::size_t service = questions.asked[answer.asked].service;
        const config::VersionSet said = examination.effective[service].accepted();
        const config::VersionSet seen = accepted_in(file);
        ++answer.asked;
        if (said != seen && ++differences <= k_most_shown_differences) {
            tell(
                answer.detail,
                fmt::format(
                    "{} accepts {}, the files say {}", who(examination.reading.services[service]),
                    config::name_of(seen), config::name_of(said)
                )
            );
        }
    };
    const doctor::Options options{
        .versions_only = true,
        .insecure = true,
        .answer_timeout = k_probe_answer,
        .deadline = k_probe_deadline,
        .foretells_clients = false
    };
    answer.interrupted = doctor::check(targets, options, {.on_case = hear});
    answer.as_predicted = differences == 0 && answer.asked > 0 && !answer.interrupted;
    if (differences > k_most_shown_differences) {
        tell(answer.detail, fmt::format("and {} more", differences - k_most_shown_differences));
    }
    for (std::size_t i = 0; i < std::min<std::size_t>(questions.not_asked.size(), 3); ++i) {
        tell(answer.detail, "not asked: " + questions.not_asked[i]);
    }
    return answer;
}

config::TrialAddresses running_addresses(const config::Examination& examination) {
    config::TrialAddresses places;
    for (const config::Service& service : examination.reading.services) {
        const config::HostPort parts = config::host_port_in(service.address);
        const std::string host = parts.host == "0.0.0.0" ? "127.0.0.1"
                                 : parts.host == "[::]"  ? "[::1]"
                                                         : parts.host;
        if (service.door != config::Door::not_listening) {
            places[service.address] = fmt::format("{}:{}", host, parts.port);
        }
    }
    return places;
}

} // namespace tlsdoctor::cli
