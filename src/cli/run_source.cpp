// SPDX-License-Identifier: Apache-2.0
// Tells databases from files by what is in them, and reads both piece by piece.
#include "cli/run_source.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sys/stat.h>

#include <fmt/core.h>

#include "base/text.hpp"
#include "cli/document_reader.hpp"
#include "store/database.hpp"

namespace tlsdoctor::cli {

namespace {

constexpr std::string_view k_sqlite_head{"SQLite format 3\0", 16};

std::string shown_source(const std::string& file) {
    return file == "-" ? "standard input" : harmless(file);
}

std::unexpected<std::string> source_error(const std::string& file, std::string_view what) {
    return std::unexpected(fmt::format("{}: {}", shown_source(file), what));
}

bool exists(const std::string& path) {
    struct stat there{};
    return stat(path.c_str(), &there) == 0;
}

RunSource run_in_database(const std::string& file, const store::RunInfo& run) {
    return {.file = file, .run = run.id, .complete = run.is_complete(), .started = run.started};
}

/// The runs that were finished, newest first.
std::vector<RunSource>
finished_runs(const std::string& file, const std::vector<store::RunInfo>& runs) {
    std::vector<RunSource> finished;
    for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
        if (run->is_complete()) {
            finished.push_back(run_in_database(file, *run));
        }
    }
    return finished;
}

using FoundRuns = std::expected<std::vector<RunSource>, std::string>;

FoundRuns named_run(
    const std::string& file, const std::string& name, const std::vector<store::RunInfo>& runs
) {
    const bool previous = name == "previous";
    if (previous || name == "latest") {
        const std::vector<RunSource> finished = finished_runs(file, runs);
        const std::size_t place = previous ? 1 : 0;
        if (finished.size() <= place) {
            return source_error(
                file, fmt::format("it has no {} run that was finished", previous ? "other" : "")
            );
        }
        return std::vector{finished[place]};
    }
    const auto number = number_in(name, 0x7FFFFFFF);
    for (const store::RunInfo& run : runs) {
        if (number && run.id == *number) {
            return std::vector{run_in_database(file, run)};
        }
    }
    return source_error(
        file, number ? fmt::format("it has no run {}", *number)
                     : fmt::format("'{}' is no run: a number, latest or previous", harmless(name))
    );
}

FoundRuns
chosen_runs(const std::string& file, RunChoice choice, const std::vector<store::RunInfo>& runs) {
    if (choice == RunChoice::all) {
        std::vector<RunSource> all;
        for (const store::RunInfo& run : runs) {
            if (run.targets > 0) {
                all.push_back(run_in_database(file, run));
            }
        }
        return all.empty() ? source_error(file, "it has no results yet") : FoundRuns{all};
    }
    std::vector<RunSource> finished = finished_runs(file, runs);
    const std::size_t wanted = choice == RunChoice::latest ? 1 : 2;
    if (finished.size() < wanted) {
        return source_error(
            file, wanted == 1 ? "it has no run that was finished"
                              : "two runs that were finished are wanted, to compare them"
        );
    }
    finished.resize(wanted);
    std::ranges::reverse(finished); // older first
    return finished;
}

/// Reads a stream block by block.
std::expected<RunRead, std::string>
read_stream(std::istream& stream, const std::string& file, DocumentReader& reader) {
    std::string block(std::size_t{256} << 10U, '\0');
    while (stream.good()) {
        stream.read(block.data(), static_cast<std::streamsize>(block.size()));
        const auto got = static_cast<std::size_t>(stream.gcount());
        if (const auto fed = reader.feed(std::string_view{block}.substr(0, got)); !fed) {
            return std::unexpected(fmt::format("{}:{}", shown_source(file), fed.error()));
        }
    }
    if (stream.bad()) {
        return source_error(file, "cannot be read");
    }
    const auto whole = reader.finish();
    if (!whole) {
        return std::unexpected(fmt::format("{}:{}", shown_source(file), whole.error()));
    }
    return RunRead{.results = reader.count(), .complete = *whole};
}

} // namespace

bool is_database(const std::string& path) {
    struct stat there{};
    if (stat(path.c_str(), &there) != 0 || !S_ISREG(there.st_mode)) {
        return false; // nothing is taken from a pipe
    }
    std::array<char, k_sqlite_head.size()> head{};
    std::ifstream file{path, std::ios::binary};
    file.read(head.data(), head.size());
    return file.good() && std::string_view{head.data(), head.size()} == k_sqlite_head;
}

std::expected<std::vector<RunSource>, std::string>
find_runs(const std::string& operand, RunChoice choice) {
    std::string file = operand;
    std::optional<std::string> name;
    const std::size_t colon = operand.rfind(':');
    if (operand != "-" && !exists(operand) && colon != std::string::npos &&
        exists(operand.substr(0, colon))) {
        file = operand.substr(0, colon);
        name = operand.substr(colon + 1);
    }
    if (!is_database(file)) {
        if (name) {
            return source_error(file, "it is no database, and has no runs to choose from");
        }
        return std::vector{RunSource{.file = file}};
    }
    const auto database = store::Database::open_to_read(file);
    if (!database) {
        return std::unexpected(store::in_words(database.error()));
    }
    const auto runs = database->runs();
    if (!runs) {
        return std::unexpected(store::in_words(runs.error()));
    }
    return name ? named_run(file, *name, *runs) : chosen_runs(file, choice, *runs);
}

std::expected<RunRead, std::string>
read_run(const RunSource& source, const std::function<void(const evidence::Result&)>& take) {
    RunRead read{.complete = source.complete};
    if (source.run) {
        const auto database = store::Database::open_to_read(source.file);
        if (!database) {
            return std::unexpected(store::in_words(database.error()));
        }
        const auto done = database->results_of(*source.run, [&](const evidence::Result& result) {
            take(result);
            ++read.results;
            return true;
        });
        if (!done) {
            return std::unexpected(store::in_words(done.error()));
        }
    } else {
        DocumentReader reader{[&](std::string_view document, std::size_t) -> std::string {
            const auto result = evidence::read_result(document);
            if (result) {
                take(*result);
            }
            return result ? "" : result.error();
        }};
        std::ifstream opened;
        if (source.file != "-") {
            opened.open(source.file, std::ios::binary);
            if (!opened) {
                return source_error(source.file, std::strerror(errno));
            }
        }
        const auto done = read_stream(source.file == "-" ? std::cin : opened, source.file, reader);
        if (!done) {
            return std::unexpected(done.error());
        }
        read = *done;
    }
    if (read.results == 0) {
        return source_error(source.file, "there is no result in it");
    }
    return read;
}

} // namespace tlsdoctor::cli
