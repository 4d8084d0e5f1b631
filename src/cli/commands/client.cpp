// SPDX-License-Identifier: Apache-2.0
// `tlsdoctor client`: records a program's hello, or those of whoever comes, diagnoses each client
// and reports it.
#include "cli/commands/commands.hpp"

#include <cstdio>
#include <set>

#include <fmt/core.h>

#include "base/text.hpp"
#include "cli/client_recording.hpp"
#include "cli/client_results.hpp"
#include "cli/client_walk.hpp"
#include "cli/local_machine.hpp"
#include "cli/progress.hpp"
#include "client/heard.hpp"
#include "evidence/client_json.hpp"

namespace tlsdoctor::cli {

namespace {

/// Hellos that are told apart while listening; from then on each is only counted.
constexpr std::size_t k_most_different = 2'000;

/// One run: reports each client and remembers the worst.
class ClientRun {
public:
    ClientRun(const Options& options, ClientResults results)
        : options_{options}, results_{std::move(results)} {}

    /// Diagnoses and reports; false where the output failed.
    bool report(evidence::ClientVisit visit) {
        const bool interrupted = visit.interrupted;
        const advise::ClientFile file = advise::client_file(std::move(visit));
        code_ = worse(code_, exit_code_for(file.diagnosis, interrupted, options_.fail_on));
        any_ = true;
        return note(results_.add(file));
    }

    /// Shows a connection of somebody, unless one like it was shown.
    bool meet(const evidence::HeardHello& hello, const evidence::ClientVisit& all) {
        evidence::ClientVisit visit{
            .started = all.started,
            .elapsed_ms = all.elapsed_ms,
            .label = label_of(hello, all.port),
            .port = all.port,
            .connections = 1,
            .hellos = {hello},
        };
        const std::string like = fmt::format(
            "{} {} {} {}", visit.label, wire::name_of(hello.kind), hello.protocol,
            hello.lists ? hello.lists->ja3 + hello.lists->ja4 : hello.ending
        );
        const bool is_new = seen_.size() < k_most_different && seen_.insert(like).second;
        return !is_new || report(std::move(visit));
    }

    ExitCode finish(const evidence::ClientVisit& visit) {
        if (!any_ && !failed_) { // a program that reads this gets a document all the same
            report(visit);
        }
        if (!failed_) {
            note(results_.finish(visit));
        }
        return code_;
    }

private:
    bool note(const std::expected<void, OutputError>& written) {
        if (written) {
            return true;
        }
        failed_ = true;
        code_ = ExitCode::internal;
        if (written.error().kind != OutputError::Kind::reader_gone) {
            fmt::print(stderr, "tlsdoctor: {}\n", written.error().what);
        }
        return false;
    }

    const Options& options_;
    ClientResults results_;
    std::set<std::string> seen_{};
    ExitCode code_{ExitCode::healthy};
    bool any_{};
    bool failed_{};
};

ExitCode cannot_record(const std::string& why) {
    fmt::print(stderr, "tlsdoctor: {}\n", why);
    return ExitCode::internal;
}

ExitCode listen_and_show(const Options& options, ClientRun& run) {
    const process::Interruption interruption;
    const auto on_open = [&](std::uint16_t port) {
        const std::string& address = options.client.listen_address;
        fmt::print(
            stderr,
            "tlsdoctor: listening on {}:{}, until Ctrl-C; a client is called by the first label of "
            "its server name, as in https://NAME.localhost:{}/\n",
            address.empty() ? "localhost" : address, port, port
        );
    };
    const auto on_heard = [&](const auto& hello, const auto& all) {
        return run.meet(hello, all);
    };
    const auto listened = listen_for_clients(options.client, interruption, on_open, on_heard);
    if (!listened) {
        return cannot_record(listened.error());
    }
    if (listened->dropped > 0) {
        fmt::print(
            stderr, "tlsdoctor: {} connections came too fast and were not kept\n", listened->dropped
        );
    }
    fmt::print(stderr, "tlsdoctor: {} connections\n", listened->visit.connections);
    return run.finish(listened->visit);
}

ExitCode run_and_show(const Options& options, ClientRun& run) {
    if (!names_host(options.client.command)) {
        fmt::print(
            stderr, "tlsdoctor: the command has no {{}}: it learns the port only from {{port}}\n"
        );
    }
    const process::Interruption interruption;
    auto visit = record_program(options.client, interruption);
    if (!visit) {
        return cannot_record(visit.error());
    }
    if (const auto walked = walk_program(options, interruption, *visit); !walked) {
        fmt::print(stderr, "tlsdoctor: the client is not walked: {}\n", walked.error());
    }
    run.report(*visit);
    return run.finish(*visit);
}

ExitCode replay_client(const Options& options, ClientRun& run) {
    const auto text = read_whole(options.replay);
    if (!text) {
        return complain({.what = text.error()});
    }
    auto visit = evidence::client_visit_from_json(*text);
    if (!visit) {
        return complain(
            {.what = fmt::format(
                 "{}: {}: {}", harmless(options.replay), visit.error().where, visit.error().what
             ),
             .hint = "a file of 'tlsdoctor client --record FILE' is wanted"}
        );
    }
    client::read_heard(*visit);
    if (visit->program || visit->hellos.empty()) {
        run.report(*visit);
        return run.finish(*visit);
    }
    for (evidence::ClientVisit& part : by_label(*visit)) {
        run.report(std::move(part));
    }
    return run.finish(*visit);
}

constexpr milliseconds k_local_deadline{120'000};

ExitCode inspect_and_show(const Options& options, ClientResults results) {
    const Environment seen = environment();
    ProgressLine progress{shows_progress(seen) && !options.output.quiet, columns(seen)};
    const process::Interruption interruption;
    const advise::LocalFile file = advise::local_file(inspect_machine(
        options.client.deadline.value_or(k_local_deadline), interruption,
        [&](const std::string& line) { progress.show(line); }
    ));
    progress.clear();
    ExitCode code = file.clients.empty() || file.machine.interrupted ? ExitCode::inconclusive
                                                                     : ExitCode::healthy;
    for (const advise::ClientFile& client : file.clients) {
        code = worse(code, exit_code_for(client.diagnosis, false, options.fail_on));
    }
    const auto written = results.finish(file);
    if (!written && written.error().kind != OutputError::Kind::reader_gone) {
        fmt::print(stderr, "tlsdoctor: {}\n", written.error().what);
    }
    return written ? code : ExitCode::internal;
}

} // namespace

ExitCode run_client(const Options& options) {
    const bool listens = options.client.command.empty() && options.replay.empty();
    const bool several = listens || !options.replay.empty();
    auto results = ClientResults::open(options.output, several, environment());
    if (!results) {
        return complain({.what = results.error().what});
    }
    if (options.client.local) {
        return inspect_and_show(options, std::move(*results));
    }
    ClientRun run{options, std::move(*results)};
    if (!options.replay.empty()) {
        return replay_client(options, run);
    }
    return listens ? listen_and_show(options, run) : run_and_show(options, run);
}

} // namespace tlsdoctor::cli
