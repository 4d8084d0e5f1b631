// SPDX-License-Identifier: Apache-2.0
// The table of programs, and the two threads that run them. Each is asked in its own words: Java by
// keytool, Go by its command's module proxy, so that nothing has to be compiled.
#include "cli/local_machine.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include <fmt/core.h>

#include "base/text.hpp"
#include "cli/local_settings.hpp"
#include "walk/walk.hpp"

namespace tlsdoctor::cli {

namespace {

using evidence::LocalProgram;
using Words = std::vector<std::string>;

constexpr milliseconds k_version_deadline{10'000};
constexpr milliseconds k_ask_deadline{10'000};
constexpr std::size_t k_workers = 2;
constexpr std::string_view k_python =
    "import ssl, socket; c = ssl.create_default_context(); "
    "c.wrap_socket(socket.create_connection(('{host}', {port}), 8), server_hostname='{host}')";
/// It ends the connection in order: leaving at once would take the last flight of TLS 1.3 with it.
constexpr std::string_view k_node =
    "const s = require('tls').connect({host: '{host}', port: {port}, servername: '{host}'}, "
    "() => s.end()).on('error', e => { console.log(String(e)); process.exitCode = 1; }).resume()";

/// A program, how it says its version, and how it is made to connect.
struct ProgramRow {
    std::string_view name{};
    std::string_view program{};
    std::string_view library{}; ///< empty: its version says which
    Words version{};
    Words ask{};
};

std::vector<ProgramRow> program_rows() {
    const std::string no_modules = "GOMODCACHE=/nonexistent";
    return {
        {"OpenSSL",
         "openssl",
         "OpenSSL",
         {"openssl", "version"},
         {"openssl", "s_client", "-connect", "{}", "-servername", "{host}"}},
        {"curl",
         "curl",
         "",
         {"curl", "--version"},
         {"curl", "-sS", "--max-time", "8", "https://{}/"}},
        {"Wget",
         "wget",
         "",
         {"wget", "--version"},
         {"wget", "-q", "-t1", "--timeout=8", "-O-", "https://{}/"}},
        {"Git", "git", "GnuTLS", {"git", "--version"}, {"git", "ls-remote", "https://{}/x.git"}},
        {"GnuTLS",
         "gnutls-cli",
         "GnuTLS",
         {"gnutls-cli", "--version"},
         {"gnutls-cli", "-p", "{port}", "{host}"}},
        {"Python",
         "python3",
         "OpenSSL",
         {"python3", "-c", "import sys, ssl; print(sys.version.split()[0], ssl.OPENSSL_VERSION)"},
         {"python3", "-c", std::string{k_python}}},
        {"Node.js",
         "node",
         "own OpenSSL",
         {"node", "-p", "process.version + ' OpenSSL ' + process.versions.openssl"},
         {"node", "-e", std::string{k_node}}},
        {"Java", "java", "JSSE", {"java", "-version"}, {"keytool", "-printcert", "-sslserver", "{}"}
        },
        {"Go",
         "go",
         "crypto/tls",
         {"go", "version"},
         {"env", "GOPROXY=https://{}/", "GONOSUMDB=*", "GOFLAGS=-mod=mod", no_modules, "go", "list",
          "-m", "example.invalid/x@v1.0.0"}},
    };
}

process::Result run_quietly(Words argv, const process::Interruption& interruption) {
    const process::Command command{
        .argv = std::move(argv), .folder = "/", .deadline = k_version_deadline
    };
    return process::run(command, &interruption);
}

/// The first line that says something, without the tool options that Java announces.
std::string first_line(const std::string& text) {
    for (const std::string_view line : split(text, '\n')) {
        if (!trimmed(line).empty() && !line.starts_with("Picked up ")) {
            return std::string{trimmed(line).substr(0, 72)};
        }
    }
    return "";
}

/// The value behind `java.home = `.
std::string property_in(const std::string& text, std::string_view name) {
    for (const std::string_view line : split(text, '\n')) {
        const std::string_view clean = trimmed(line);
        if (clean.starts_with(name)) {
            const std::size_t equals = clean.find('=');
            return equals == std::string_view::npos
                       ? ""
                       : std::string{trimmed(clean.substr(equals + 1))};
        }
    }
    return "";
}

std::string library_of(const ProgramRow& row, const std::string& version_text) {
    if (!row.library.empty() && row.program != "git") {
        return std::string{row.library};
    }
    const bool gnutls = version_text.find("GnuTLS/") != std::string::npos ||
                        version_text.find("ssl/gnutls") != std::string::npos ||
                        version_text.find("libcurl-gnutls") != std::string::npos;
    return gnutls ? "GnuTLS" : "OpenSSL";
}

/// What Git's helper for https is linked with.
std::string git_libraries(const process::Interruption& interruption) {
    const auto folder = run_quietly({"git", "--exec-path"}, interruption);
    const std::string helper = first_line(folder.output_tail) + "/git-remote-https";
    return run_quietly({"ldd", helper}, interruption).output_tail;
}

/// `OPENSSLDIR: "/usr/lib/ssl"`.
std::string openssl_folder_in(const std::string& text) {
    const std::size_t from = text.find('"');
    const std::size_t to = text.rfind('"');
    return from == std::string::npos || to <= from ? "/usr/lib/ssl"
                                                   : text.substr(from + 1, to - from - 1);
}

/// The jobs, shared by the workers.
class Inspection {
public:
    Inspection(
        milliseconds deadline, const process::Interruption& interruption,
        const std::function<void(const std::string&)>& on_progress
    )
        : until_(Clock::now() + deadline), interruption_(interruption), on_progress_(on_progress) {
        std::vector<ProgramRow> rows = program_rows();
        std::erase_if(rows, [](const ProgramRow& row) {
            return process::path_of(std::string{row.program}).empty();
        });
        rows_ = std::move(rows);
        found_.resize(rows_.size());
    }

    std::vector<LocalProgram> run() {
        openssl_folder_ =
            openssl_folder_in(run_quietly({"openssl", "version", "-d"}, interruption_).output_tail);
        openssl_flags_ = run_quietly({"openssl", "version", "-f"}, interruption_).output_tail;
        std::vector<std::thread> workers;
        for (std::size_t i = 0; i < std::min(k_workers, rows_.size()); ++i) {
            workers.emplace_back([this] { work(); });
        }
        for (std::thread& worker : workers) {
            worker.join();
        }
        std::erase_if(found_, [](const LocalProgram& program) { return program.name.empty(); });
        return std::move(found_);
    }

private:
    void work() {
        for (std::size_t at = next_++; at < rows_.size(); at = next_++) {
            if (interruption_.came() || Clock::now() >= until_) {
                return;
            }
            {
                const std::lock_guard lock(mutex_);
                on_progress_(fmt::format("{} of {}: {}", at + 1, rows_.size(), rows_[at].name));
            }
            found_[at] = inspect(rows_[at]);
        }
    }

    LocalProgram inspect(const ProgramRow& row) const {
        std::string version = run_quietly(row.version, interruption_).output_tail;
        const std::string linked = row.program == "git" ? git_libraries(interruption_) : version;
        LocalProgram program{
            .name = std::string{row.name},
            .path = process::path_of(std::string{row.program}),
            .version = first_line(version),
            .library = library_of(row, linked),
        };
        LocalPlace place{
            .program = row.program,
            .library = program.library,
            .openssl_folder = openssl_folder_,
            .openssl_flags = openssl_flags_,
        };
        if (row.program == "java") {
            const auto properties =
                run_quietly({"java", "-XshowSettings:properties", "-version"}, interruption_);
            place.java_home = property_in(properties.output_tail, "java.home");
        }
        program.settings = settings_for(place, this_machine(), set_variable);
        auto visit =
            record_program({.command = row.ask, .deadline = k_ask_deadline}, interruption_);
        if (visit) {
            program.visit = *std::move(visit);
            for (const evidence::HeardHello& hello : program.visit.hellos) {
                if (hello.lists) {
                    note_contradictions(program.settings, hello.lists->versions);
                    break;
                }
            }
            walk_versions(row, program.visit);
        }
        return program;
    }

    /// Runs the program against a server of each version that it offers.
    void walk_versions(const ProgramRow& row, evidence::ClientVisit& visit) const {
        const bool came = std::ranges::any_of(visit.hellos, [](const evidence::HeardHello& hello) {
            return hello.lists.has_value();
        });
        if (!came) {
            return;
        }
        const auto left = std::chrono::duration_cast<milliseconds>(until_ - Clock::now());
        const walk::WalkOptions how{
            .command =
                [&](std::uint16_t port) {
                    return process::Command{
                        .argv = filled_command(row.ask, visit.host, port),
                        .set = without_proxy(),
                        .folder = "/",
                    };
                },
            .groups = {evidence::WalkGroup::versions},
            .run_deadline = k_ask_deadline,
            .deadline = std::max(left, milliseconds{1}),
            .at_once = 1,
        };
        if (auto walked = walk::walk(how, &interruption_)) {
            visit.walk = *std::move(walked);
        }
    }

    TimePoint until_;
    const process::Interruption& interruption_;
    const std::function<void(const std::string&)>& on_progress_;
    std::vector<ProgramRow> rows_{};
    std::vector<LocalProgram> found_{};
    std::string openssl_folder_{};
    std::string openssl_flags_{};
    std::atomic<std::size_t> next_{};
    std::mutex mutex_{};
};

} // namespace

evidence::LocalMachine inspect_machine(
    milliseconds deadline, const process::Interruption& interruption,
    const std::function<void(const std::string&)>& on_progress
) {
    const TimePoint from = Clock::now();
    evidence::LocalMachine machine{
        .started = rfc3339(std::chrono::system_clock::now()),
        .settings = system_settings(this_machine()),
    };
    machine.programs = Inspection{deadline, interruption, on_progress}.run();
    machine.interrupted = interruption.came() || Clock::now() - from >= deadline;
    machine.elapsed_ms = milliseconds_between(from, Clock::now());
    return machine;
}

} // namespace tlsdoctor::cli
