// SPDX-License-Identifier: Apache-2.0
// The server's side decides; the program's words are kept beside it.
#include "walk/judge.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "peer/scripts.hpp"

namespace tlsdoctor::walk {

namespace {

using evidence::Reaction;
using peer::Meeting;

constexpr std::size_t k_longest_text = 300;
constexpr std::size_t k_alert_record_size = 7;
constexpr std::uint8_t k_alert_record = 0x15;

/// What a client says that minds the issuer of a certificate: bad_certificate, certificate_unknown,
/// unknown_ca.
constexpr std::array k_trust_alerts = {
    AlertDescription{42}, AlertDescription{46}, AlertDescription{48}
};

/// Words of lines that say why something failed, the more telling ones first.
constexpr std::array<std::string_view, 6> k_telling = {
    "alert", "exception", "error", "certificate", "ssl", "fail",
};
/// Lines that programs print whatever happens.
constexpr std::array<std::string_view, 4> k_noise = {
    "Picked up ",
    "verify return:",
    "CONNECTED(",
    "depth=",
};

/// Returns the fatal alert that the client sent, in cipher or in clear.
std::optional<AlertDescription> alert_of(const Meeting& meeting) {
    for (const crypto::ReceivedAlert& alert : meeting.alerts) {
        if (alert.description != AlertDescription::close_notify) {
            return alert.description;
        }
    }
    const Bytes& reaction = meeting.reaction;
    if (reaction.size() >= k_alert_record_size && reaction[0] == k_alert_record) {
        return AlertDescription{reaction[k_alert_record_size - 1]};
    }
    return std::nullopt;
}

std::string words_for(AlertDescription alert) {
    return fmt::format("alert {} {}", std::to_underlying(alert), name_of(alert));
}

/// One meeting's answer to the question, and what shows it.
struct Answer {
    Reaction acceptance{};
    std::string how{};
    bool shown_by_alert{};
};

/// What became of a failure: a client that goes on after the handshake did not notice it.
Answer answer_to_failure(const Meeting& meeting, bool went_well) {
    if (!meeting.completed) {
        const auto alert = alert_of(meeting);
        return {
            Reaction::refused, alert ? "the client sent " + words_for(*alert) : "it failed",
            alert.has_value()
        };
    }
    return meeting.spoke || went_well
               ? Answer{Reaction::accepted, "completed the handshake and went on"}
               : Answer{Reaction::refused, "completed the handshake and left"};
}

Answer answer_of(const Trial& trial, const Meeting& meeting, bool trusts_us) {
    if (meeting.completed) {
        return {
            Reaction::accepted,
            fmt::format(
                "completed the handshake ({})", meeting.version ? name_of(*meeting.version) : "TLS"
            )
        };
    }
    if (trial.judged == Judged::by_key_exchange && peer::is_key_exchange(meeting.reaction)) {
        return {Reaction::accepted, "went on with its ClientKeyExchange"};
    }
    if (const auto alert = alert_of(meeting)) {
        const bool about_trust =
            std::ranges::find(k_trust_alerts, *alert) != k_trust_alerts.end() && !trusts_us;
        return {
            about_trust ? Reaction::accepted : Reaction::refused,
            about_trust ? "minded the certificate's issuer alone: " + words_for(*alert)
                        : "the client sent " + words_for(*alert),
            true
        };
    }
    if (meeting.version || trial.judged == Judged::by_key_exchange) {
        return {Reaction::refused, "the client left after the ServerHello"};
    }
    return {
        Reaction::refused,
        meeting.failure.empty() ? "the client left" : "the server: " + meeting.failure
    };
}

/// The best of all connections: a client that tries again in another way has accepted.
Answer
best_answer(const Trial& trial, const std::vector<Meeting>& met, bool trusts_us, bool went_well) {
    Answer best{Reaction::unclear, "the client did not come"};
    for (const Meeting& meeting : met) {
        if (meeting.hello.empty() || best.acceptance == Reaction::accepted) {
            continue;
        }
        best = trial.judged == Judged::by_text ? answer_to_failure(meeting, went_well)
                                               : answer_of(trial, meeting, trusts_us);
    }
    return best;
}

bool succeeded(const process::Result& result) {
    return result.ending == process::Ending::exited && result.exit_code == 0;
}

bool contains_word(std::string_view line, std::string_view word) {
    return lower(line).find(word) != std::string::npos;
}

bool is_noise(std::string_view line) {
    return line.empty() || std::ranges::any_of(k_noise, [&](std::string_view noise) {
               return line.starts_with(noise);
           });
}

} // namespace

bool trusts(const std::vector<Meeting>& met, const process::Result& result) {
    return std::ranges::any_of(met, [&](const Meeting& meeting) {
        return meeting.completed && (meeting.spoke || succeeded(result));
    });
}

std::string telling_line(std::string_view output) {
    std::vector<std::string_view> lines;
    for (const std::string_view part : split(output, '\n')) {
        // Indented lines are the frames of a stack, or its source.
        if (!is_noise(trimmed(part)) && part.front() != ' ' && part.front() != '\t') {
            lines.push_back(trimmed(part));
        }
    }
    if (lines.empty()) {
        return {};
    }
    std::string_view chosen = lines.back();
    for (const std::string_view word : k_telling) {
        const auto found = std::find_if(lines.rbegin(), lines.rend(), [&](std::string_view line) {
            return contains_word(line, word);
        });
        if (found != lines.rend()) {
            chosen = *found;
            break;
        }
    }
    std::string text = harmless(chosen.substr(0, k_longest_text));
    text.resize(std::min(text.size(), k_longest_text));
    return text;
}

evidence::WalkStep judged(
    const Trial& trial, const std::vector<Meeting>& met, const process::Result& result,
    bool trusts_us, bool cut
) {
    evidence::WalkStep step{.group = trial.group, .name = trial.name};
    Answer answer = best_answer(trial, met, trusts_us, succeeded(result));
    if (!trial.behaviour.listens) {
        answer = {Reaction::refused, "nothing listens there"};
    }
    const bool ended_by_us = result.ending == process::Ending::timed_out;
    if (ended_by_us && !answer.shown_by_alert && answer.acceptance == Reaction::refused) {
        answer = {Reaction::unclear, "its time was over before it answered"};
    }
    if (cut && answer.acceptance == Reaction::unclear) {
        answer = {Reaction::not_tested, "the walk was over before it answered"};
    }
    step.acceptance = answer.acceptance;
    step.how = std::move(answer.how);
    for (const Meeting& meeting : met) {
        step.alert = step.alert ? step.alert : alert_of(meeting);
    }
    step.ending = process::name_of(result.ending);
    if (result.ending == process::Ending::exited) {
        step.exit_code = result.exit_code;
    }
    step.text = telling_line(result.output_tail);
    step.ms = static_cast<double>(result.elapsed.count());
    return step;
}

bool minds_the_rest(const evidence::WalkStep& step, const std::vector<Meeting>& met) {
    return step.acceptance == Reaction::refused &&
           step.alert != AlertDescription::protocol_version &&
           std::ranges::any_of(met, [](const Meeting& meeting) {
               return meeting.version.has_value();
           });
}

evidence::WalkStep
joined(evidence::WalkStep first, evidence::WalkStep second, const std::string& name) {
    if (second.acceptance == Reaction::refused) {
        first.how += fmt::format("; with {} too: {}", name, second.how);
        return first;
    }
    if (second.acceptance == Reaction::accepted) {
        second.only = name;
    }
    if (second.how.empty()) { // interrupted
        return second;
    }
    second.how = fmt::format("with {}: {}; otherwise {}", name, second.how, first.how);
    second.ms += first.ms;
    return second;
}

} // namespace tlsdoctor::walk
