// SPDX-License-Identifier: Apache-2.0
// `--db FILE`: the results of this call as a run in a database. A sink for lines of JSON, for one
// thread at a time.
#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "cli/option_table.hpp"
#include "cli/output.hpp"

namespace tlsdoctor::cli {

/// The database of one call.
class ResultStore final {
public:
    /// Opens or makes the file and begins a run; `resumes`: goes on with the last one if it was not
    /// finished. `words`: the command line.
    static std::expected<ResultStore, OutputError>
    open(const std::string& file, Command command, const std::string& words, bool resumes);

    ResultStore(ResultStore&&) noexcept;
    ResultStore& operator=(ResultStore&&) = delete;
    ~ResultStore();

    /// Adds a document or line; a second one of the same target is left out.
    std::expected<void, OutputError> add(std::string_view json);

    /// Commits what waits for longer than a second: to be called now and then while nothing comes.
    std::expected<void, OutputError> tick();

    /// Marks the run as finished; `interrupted`: by the user, early.
    std::expected<void, OutputError> finish(bool interrupted);

private:
    struct Parts;
    explicit ResultStore(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

} // namespace tlsdoctor::cli
