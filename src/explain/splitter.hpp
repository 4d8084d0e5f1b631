// SPDX-License-Identifier: Apache-2.0
// Lines to messages. What one program printed about one failure (a stack trace, curl -v) is one
// message; a log is many. Where entries of a log begin is seen from their time stamps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tlsdoctor::explain {

/// A message: consecutive lines.
struct Message {
    std::size_t first_line{}; ///< from 1
    std::size_t line_count{}; ///< those that were not kept too, empty ones apart
    std::vector<std::string> lines{};
};

/// More lines of one message are counted, not kept.
inline constexpr std::size_t k_most_lines = 400;

/// A text of at most this many lines without time stamps is one message.
inline constexpr std::size_t k_longest_paste = 256;

/// Gathers lines until a message is complete.
class Splitter final {
public:
    using Sink = std::function<void(const Message&)>;

    explicit Splitter(Sink sink);
    ~Splitter();
    Splitter(const Splitter&) = delete;
    Splitter& operator=(const Splitter&) = delete;

    /// Takes the next line, clean and without its end.
    void add(std::string_view line);

    /// Hands out what is left.
    void finish();

    /// Returns the number of lines so far.
    std::size_t lines() const { return lines_; }

private:
    struct Shapes;
    enum class Kind : std::uint8_t { undecided, log, plain };

    void decide();
    bool begins(std::string_view line) const;
    void place(std::string_view line, std::size_t number);
    void hand_out();

    Sink sink_;
    std::unique_ptr<Shapes> shapes_;
    Kind kind_{Kind::undecided};
    std::size_t lines_{};
    std::vector<std::string> waiting_{}; ///< the first lines, until the kind is known
    std::size_t stamped_{};              ///< of these, with a time stamp
    Message message_{};
};

} // namespace tlsdoctor::explain
