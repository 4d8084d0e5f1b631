// SPDX-License-Identifier: Apache-2.0
// Shapes of lines. A shape is a line itself: digits that no pattern names become others, so a
// pattern that takes any digits takes the shape as well.
#include "explain/recall.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/text.hpp"

namespace tlsdoctor::explain {

namespace {

constexpr std::size_t k_most_shapes = 2'048; ///< of each age
constexpr std::size_t k_longest = 2'000;     ///< bytes; longer lines are looked at each time
constexpr unsigned k_first_of_clients = 32'768;

bool shape_digit(char c) {
    return c >= '0' && c <= '9';
}

bool shape_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool of_host(char c) {
    return shape_letter(c) || shape_digit(c) || c == '.' || c == '-';
}

bool of_path(char c) {
    return of_host(c) || c == '/' || c == '%' || c == '~' || c == '+';
}

/// Writes the shape of one line.
class Shaper {
public:
    Shaper(std::string_view line, const Matcher& matcher) : line_{line}, matcher_{matcher} {}

    std::string write() {
        shape_.reserve(line_.size());
        while (at_ < line_.size()) {
            const char before = at_ == 0 ? ' ' : line_[at_ - 1];
            const bool begins = !shape_letter(before) && !shape_digit(before);
            if (begins && shape_digit(line_[at_]) && before != '.' && before != '-') {
                number();
            } else {
                shape_ += line_[at_++];
                name();
            }
        }
        return std::move(shape_);
    }

private:
    /// Returns where the run of digits that begins at `from` ends.
    std::size_t digits(std::size_t from) const {
        while (from < line_.size() && shape_digit(line_[from])) {
            ++from;
        }
        return from;
    }

    bool is(std::size_t at, char c) const { return at < line_.size() && line_[at] == c; }

    /// Parts that one of `joints` joins; returns the end of the last of at most `count` parts.
    std::size_t joined(std::string_view joints, std::size_t count, std::size_t& parts) const {
        std::size_t end = digits(at_);
        for (parts = 1; parts < count && end < line_.size(); ++parts) {
            const std::size_t next = end + 1;
            const bool goes_on = joints.find(line_[end]) != joints.npos && digits(next) > next;
            if (!goes_on) {
                break;
            }
            end = digits(next);
        }
        return end;
    }

    void number() {
        std::size_t parts = 0;
        const std::size_t first = digits(at_);
        if (const std::size_t end = joined(".", 5, parts); parts == 4 && address(end)) {
            return;
        }
        if (const std::size_t end = joined(":", 4, parts); parts == 3 && end - at_ == 8) {
            const bool fraction = is(end, '.') && digits(end + 1) > end + 1;
            return put("00:00:00", fraction ? digits(end + 1) : end);
        }
        if (const std::size_t end = joined("-/", 4, parts); parts == 3 && end - at_ == 10) {
            return put("2000/01/01", end);
        }
        const bool of_nginx = is(first, '#') || (at_ > 0 && line_[at_ - 1] == '#') ||
                              (at_ > 1 && line_.substr(at_ - 2, 2) == " *");
        const bool of_process = is(first, ']') && at_ > 1 && line_[at_ - 1] == '[' &&
                                shape_letter(line_[at_ - 2]) && first - at_ > 2;
        if (of_nginx || of_process) {
            return put("1000", first);
        }
        put(line_.substr(at_, first - at_), first);
    }

    /// An address, and behind it a port that only clients have. Whether it is a private one stays.
    bool address(std::size_t end) {
        const std::string_view text = line_.substr(at_, end - at_);
        if (text.starts_with("127.") || text.size() > 15) {
            return false;
        }
        constexpr std::array<std::string_view, 3> k_kept = {"10.", "192.168.", "172."};
        const auto* const kept = std::ranges::find_if(k_kept, [&](std::string_view prefix) {
            return text.starts_with(prefix);
        });
        const std::size_t second = text.find('.', 4);
        put(kept == k_kept.end()  ? "203.0.113.1"
            : *kept == "10."      ? "10.1.1.1"
            : *kept == "192.168." ? "192.168.1.1"
                                  : std::string{text.substr(0, second)} + ".1.1",
            end);
        const std::size_t port_end = digits(end + 1);
        const auto port = is(end, ':')
                              ? number_in(line_.substr(end + 1, port_end - end - 1), 65'535)
                              : std::nullopt;
        if (port && *port >= k_first_of_clients) {
            put(":40000", port_end);
        }
        return true;
    }

    /// A host or a path where servers write one.
    void name() {
        const std::string_view done = line_.substr(0, at_);
        if (done.ends_with("://") || done.ends_with("server: ") || done.ends_with("host: \"")) {
            mask(of_host, "a.example");
        } else if (done.ends_with("\"GET /") || done.ends_with("\"POST /")) {
            mask(of_path, "p");
        } else if (done.ends_with('/') && in_url()) {
            mask(of_path, "p");
        }
    }

    /// Tells whether the slash just written ends the host of a URL.
    bool in_url() const {
        std::size_t from = at_ - 1;
        while (from > 0 && (of_host(line_[from - 1]) || line_[from - 1] == ':')) {
            --from;
        }
        return from > 2 && line_.substr(from - 2, 2) == "//";
    }

    /// Puts `same` for the characters that follow, if there is a letter and no word of a pattern.
    void mask(bool (*of)(char), std::string_view same) {
        constexpr std::size_t k_around = 3;
        std::size_t end = at_;
        while (end < line_.size() && of(line_[end])) {
            ++end;
        }
        const std::string_view text = line_.substr(at_, end - at_);
        const std::size_t from = at_ - std::min(at_, k_around);
        if (std::ranges::any_of(text, shape_letter) &&
            !matcher_.has_word(line_.substr(from, end + k_around - from))) {
            put(same, end);
        }
    }

    void put(std::string_view text, std::size_t end) {
        shape_ += text;
        at_ = end;
    }

    std::string_view line_;
    const Matcher& matcher_;
    std::size_t at_{};
    std::string shape_{};
};

/// Lines without these hardly hold a row, and are looked at as fast as their shape is made.
bool is_worth_a_shape(std::string_view line) {
    return line.size() <= k_longest &&
           (line.find("SSL") != line.npos || line.find("ssl") != line.npos ||
            line.find("tls") != line.npos || line.find("TLS") != line.npos);
}

} // namespace

std::string shape_of(std::string_view line, const Matcher& matcher) {
    return Shaper{line, matcher}.write();
}

Sighting Recall::look(const Message& message) {
    if (!pays_ || message.lines.size() != 1 || !is_worth_a_shape(message.lines.front())) {
        return looker_.look(message, false);
    }
    std::string shape = shape_of(message.lines.front(), looker_.matcher());
    if (const auto known = young_.find(shape); known != young_.end()) {
        ++met_;
        return known->second;
    }
    const auto before = old_.find(shape);
    Sighting sighting = before != old_.end() ? before->second : looker_.look(message, false);
    if (young_.size() >= k_most_shapes) {
        pays_ = std::exchange(met_, 0) >= k_most_shapes / 4;
        old_ = std::exchange(young_, {});
    }
    young_.emplace(std::move(shape), sighting);
    return sighting;
}

} // namespace tlsdoctor::explain
