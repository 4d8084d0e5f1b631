// SPDX-License-Identifier: Apache-2.0
// Cuts a stream of results into documents: JSON Lines, documents over many lines, or both mixed.
// Holds one document at a time, so that a file may be larger than the memory.
#pragma once

#include <cstddef>
#include <expected>
#include <functional>
#include <string>
#include <string_view>

namespace tlsdoctor::cli {

/// Finds where documents begin and end; what stands in them is for others to read.
class DocumentReader final {
public:
    /// Takes one document, and the number of the line in which it begins; returns what is wrong
    /// with it, or empty text.
    using Take = std::function<std::string(std::string_view document, std::size_t line)>;

    explicit DocumentReader(Take take) : take_{std::move(take)} {}

    /// Reads on. The error names the line: `17: text between the documents`.
    std::expected<void, std::string> feed(std::string_view block);

    /// Ends the stream; false where its last document is torn, as a killed scan leaves it.
    std::expected<bool, std::string> finish();

    /// Counts the documents that were taken.
    std::size_t count() const { return count_; }

private:
    std::expected<void, std::string> refuse(std::string_view what) const;
    std::expected<void, std::string> between(char c);
    std::expected<void, std::string> inside(char c);
    std::expected<void, std::string> end_document();

    Take take_;
    std::string document_{};
    std::size_t depth_{};
    std::size_t line_{1};
    std::size_t first_line_{1};
    std::size_t count_{};
    bool quoted_{};
    bool escaped_{};
};

} // namespace tlsdoctor::cli
