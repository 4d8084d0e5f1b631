// SPDX-License-Identifier: Apache-2.0
// The recorder, the program and the clock; see the header.
#include "cli/client_recording.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include <fmt/core.h>

#include "base/text.hpp"
#include "client/heard.hpp"

namespace tlsdoctor::cli {

namespace {

using evidence::ClientVisit;
using evidence::HeardHello;

constexpr std::string_view k_host = "localhost";
constexpr milliseconds k_program_deadline{30'000};
constexpr milliseconds k_listen_deadline{std::chrono::hours{24}};
/// How often the listener looks whether it was interrupted.
constexpr milliseconds k_slice{100};
/// What a recording keeps; connections beyond it are shown and forgotten.
constexpr std::size_t k_most_kept = 1'000;
constexpr std::size_t k_most_labels = 200;

void replace_all(std::string& text, std::string_view what, std::string_view by) {
    for (std::size_t at = text.find(what); at != std::string::npos;
         at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
}

std::string now_text() {
    return rfc3339(std::chrono::system_clock::now());
}

/// A bounded copy for the recording.
void keep(ClientVisit& visit, HeardHello heard) {
    if (visit.hellos.size() < k_most_kept) {
        visit.hellos.push_back(std::move(heard));
    }
}

} // namespace

std::vector<std::string>
filled_command(std::span<const std::string> command, std::string_view host, std::uint16_t port) {
    std::vector<std::string> filled(command.begin(), command.end());
    for (std::string& word : filled) {
        replace_all(word, "{host}", host);
        replace_all(word, "{port}", fmt::format("{}", port));
        replace_all(word, "{}", fmt::format("{}:{}", host, port));
    }
    return filled;
}

bool names_host(std::span<const std::string> command) {
    return std::ranges::any_of(command, [](const std::string& word) {
        return word.find("{}") != std::string::npos || word.find("{host}") != std::string::npos;
    });
}

HeardHello to_evidence(const peer::Heard& heard, TimePoint from) {
    HeardHello hello{
        .id = fmt::format("e{}", heard.number),
        .kind = heard.kind,
        .ending = std::string{peer::name_of(heard.end)},
        .bytes = heard.bytes,
        .ms = milliseconds_between(from, heard.at),
    };
    client::read_heard(hello);
    return hello;
}

evidence::ProgramRun to_evidence(const process::Result& result, std::vector<std::string> command) {
    evidence::ProgramRun program{
        .command = std::move(command),
        .ending = std::string{process::name_of(result.ending)},
        .output_tail = result.output_tail,
        .error = result.error,
    };
    if (result.ending == process::Ending::exited) {
        program.exit_code = result.exit_code;
    }
    if (result.ending == process::Ending::signalled) {
        program.signal = result.signal;
    }
    return program;
}

std::vector<std::pair<std::string, std::string>> without_proxy() {
    std::vector<std::pair<std::string, std::string>> set;
    for (const char* const name : {"no_proxy", "NO_PROXY"}) {
        const char* const before = std::getenv(name); // NOLINT(concurrency-mt-unsafe)
        const std::string also = before == nullptr || *before == 0 ? "" : std::string{before} + ",";
        set.emplace_back(name, also + "localhost,127.0.0.1,::1");
    }
    return set;
}

std::expected<ClientVisit, std::string>
record_program(const ClientOptions& options, const process::Interruption& interruption) {
    const TimePoint from = Clock::now();
    ClientVisit visit{.started = now_text()};
    auto recorder = peer::Recorder::start();
    if (!recorder) {
        return std::unexpected(recorder.error());
    }
    visit.port = recorder->port();
    visit.host = names_host(options.command) ? k_host : "";
    const process::Command command{
        .argv = filled_command(options.command, k_host, visit.port),
        .set = without_proxy(),
        .deadline = options.deadline.value_or(k_program_deadline),
    };
    const process::Result result = process::run(command, &interruption);
    for (const peer::Heard& heard : recorder->settle(Clock::now() + std::chrono::seconds{1})) {
        keep(visit, to_evidence(heard, from));
    }
    visit.program = to_evidence(result, options.command);
    visit.connections = recorder->connections();
    visit.interrupted = result.ending == process::Ending::interrupted;
    visit.elapsed_ms = milliseconds_between(from, Clock::now());
    return visit;
}

std::expected<Listened, std::string> listen_for_clients(
    const ClientOptions& options, const process::Interruption& interruption,
    const std::function<void(std::uint16_t)>& on_open,
    const std::function<bool(const HeardHello&, const ClientVisit&)>& on_heard,
    const peer::RecorderLimits& limits
) {
    const TimePoint from = Clock::now();
    const TimePoint until = from + options.deadline.value_or(k_listen_deadline);
    auto recorder = peer::Recorder::start(
        {.address = options.listen_address, .port = options.listen_port, .limits = limits}
    );
    if (!recorder) {
        return std::unexpected(recorder.error());
    }
    Listened listened{.visit = {.started = now_text(), .port = recorder->port()}};
    ClientVisit& visit = listened.visit;
    on_open(visit.port);
    std::size_t heard_so_far = 0;
    bool wanted = true;
    // Dropped connections came too: without them a flood would keep the count from being reached.
    const auto enough = [&](std::size_t came) {
        return !wanted || (options.count && came >= *options.count);
    };
    const auto take = [&](TimePoint patience) {
        for (const peer::Heard& heard : recorder->wait(patience)) {
            if (enough(heard_so_far)) {
                break;
            }
            ++heard_so_far;
            visit.connections = recorder->connections();
            visit.elapsed_ms = milliseconds_between(from, Clock::now());
            HeardHello hello = to_evidence(heard, from);
            wanted = on_heard(hello, visit);
            keep(visit, std::move(hello));
        }
    };
    while (!enough(heard_so_far + recorder->dropped()) && !interruption.came() &&
           Clock::now() < until) {
        take(std::min(until, Clock::now() + k_slice));
    }
    take(Clock::now());
    visit.connections = recorder->connections();
    visit.elapsed_ms = milliseconds_between(from, Clock::now());
    listened.dropped = recorder->dropped();
    return listened;
}

std::string label_of(const HeardHello& heard, std::uint16_t port) {
    const bool named = heard.lists && heard.lists->sni && !heard.lists->sni->empty();
    const std::string first = named ? heard.lists->sni->substr(0, heard.lists->sni->find('.')) : "";
    constexpr std::size_t k_longest_label = 63;
    const bool telling = !first.empty() && first != k_host && first.size() <= k_longest_label;
    return telling ? harmless(first) : fmt::format("{}", port);
}

std::vector<ClientVisit> by_label(const ClientVisit& visit) {
    std::vector<ClientVisit> parts;
    for (const HeardHello& hello : visit.hellos) {
        const std::string label = label_of(hello, visit.port);
        auto part = std::ranges::find(parts, label, &ClientVisit::label);
        if (part == parts.end()) {
            if (parts.size() == k_most_labels) {
                continue;
            }
            parts.push_back(
                {.started = visit.started,
                 .elapsed_ms = visit.elapsed_ms,
                 .label = label,
                 .port = visit.port}
            );
            part = parts.end() - 1;
        }
        part->hellos.push_back(hello);
        ++part->connections;
    }
    return parts;
}

} // namespace tlsdoctor::cli
