// SPDX-License-Identifier: Apache-2.0
// From the store's errors to the outputs'.
#include "cli/result_store.hpp"

#include <chrono>

#include <fmt/core.h>

#include "base/clock.hpp"
#include "cli/version.hpp"
#include "store/database.hpp"

namespace tlsdoctor::cli {

namespace {

std::string time_now() {
    return rfc3339(std::chrono::system_clock::now());
}

std::expected<void, OutputError> as_output(const std::expected<void, store::Error>& done) {
    if (done) {
        return {};
    }
    return std::unexpected(OutputError{
        .kind = OutputError::Kind::not_written,
        .what = fmt::format("--db: {}", store::in_words(done.error()))
    });
}

} // namespace

struct ResultStore::Parts {
    store::Database database;
    std::optional<store::Run> run{}; ///< ends before its database
};

ResultStore::ResultStore(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}

ResultStore::ResultStore(ResultStore&&) noexcept = default;

ResultStore::~ResultStore() = default;

std::expected<ResultStore, OutputError> ResultStore::open(
    const std::string& file, Command command, const std::string& words, bool resumes
) {
    const auto refuse = [](const store::Error& error) {
        return std::unexpected(OutputError{
            .kind = OutputError::Kind::not_opened,
            .what = fmt::format("--db: {}", store::in_words(error))
        });
    };
    auto database = store::Database::open_to_add(file);
    if (!database) {
        return refuse(database.error());
    }
    auto parts = std::make_unique<Parts>(Parts{*std::move(database)});
    const store::RunStart start{
        .command = std::string{name_of(command)},
        .arguments = words,
        .tool_version = std::string{version()},
        .data_date = std::string{data_date()},
        .started = time_now()
    };
    auto run = resumes ? parts->database.resume(start) : parts->database.begin(start);
    if (!run) {
        return refuse(run.error());
    }
    parts->run.emplace(*std::move(run));
    return ResultStore{std::move(parts)};
}

std::expected<void, OutputError> ResultStore::add(std::string_view json) {
    return as_output(parts_->run->add(json));
}

std::expected<void, OutputError> ResultStore::tick() {
    return as_output(parts_->run->tick());
}

std::expected<void, OutputError> ResultStore::finish(bool interrupted) {
    return as_output(parts_->run->finish(time_now(), interrupted));
}

} // namespace tlsdoctor::cli
