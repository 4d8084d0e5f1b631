// SPDX-License-Identifier: Apache-2.0
// Where messages begin; see the header.
#include "explain/splitter.hpp"

#include <utility>

#include <re2/re2.h>

#include "base/text.hpp"

namespace tlsdoctor::explain {

namespace {

/// How entries of logs begin. `docker compose logs` and `kubectl logs --prefix` put a name before.
constexpr const char* k_entry =
    R"(^(?:[\w.\-/]+ *\| +|\[pod/[^\]]+\] )?(?:)"
    R"(\[?\d{4}[-/.]\d\d[-/.]\d\d[T ,]+\d\d:\d\d)"                   // ISO; nginx, Go, Java
    R"(|(?:<\d{1,3}>)?(?:\d )?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)" // syslog
    R"(|<\d{1,3}>\d? ?\d{4}-)"                                       // RFC 5424
    R"(|\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)"       // Apache
    R"(|[EWIFD]\d{4} \d\d:\d\d:\d\d)"                                // Kubernetes
    R"(|\{ ?")"                                                      // JSON
    R"(|[\da-f.:]+ \S+ \S+ \[\d\d/[A-Z][a-z]{2}/\d{4})"              // access logs
    R"(|\[?\d\d[-/ ][A-Z][a-z]{2}[-/ ]\d{4}[ :]\d\d:\d\d)"           // Tomcat
    R"(|\[?\d{1,2}/\d{1,2}/\d{2,4},? \d{1,2}:\d\d)"                  // Windows
    R"(|[A-Z][a-z]{2} \d{1,2}, \d{4},? \d{1,2}:\d\d:\d\d)"           // java.util.logging
    R"(|(?:time|ts|t)="?\d)"                                         // logfmt
    R"(|1\d{9}(?:\.\d+)?:? )"                                        // Mosquitto, Squid
    R"(|\[\d+:\d+:\d{4}/\d{6})"                                      // Chromium
    R"(|\d+:[A-Z] \d\d [A-Z][a-z]{2} \d{4} )"                        // Redis
    R"(|\[?\d\d:\d\d:\d\d[.,\]]?\d* +(?:[^*<>{}=\s]|$))" // the time alone, not of curl -v
    R"())";

/// Lines that go on with what stands before them.
constexpr const char* k_continuation =
    R"(^(?:\s|$|at |Caused by|\.\.\. |[*<>{}()\]] ?|--|==|During handling|The above exception)"
    R"(|subject[=:]|issuer[=:]|verify |depth=|\+|[a-z]+\.c:\d))";

bool matches(const RE2& pattern, std::string_view line) {
    return RE2::PartialMatch(re2::StringPiece{line.data(), line.size()}, pattern);
}

RE2::Options shape_options() {
    RE2::Options options{RE2::Latin1};
    options.set_log_errors(false);
    return options;
}

} // namespace

struct Splitter::Shapes {
    RE2 entry{k_entry, shape_options()};
    RE2 continuation{k_continuation, shape_options()};
};

Splitter::Splitter(Sink sink) : sink_{std::move(sink)}, shapes_{std::make_unique<Shapes>()} {}

Splitter::~Splitter() = default;

bool Splitter::begins(std::string_view line) const {
    const bool after_trace = !message_.lines.empty() && message_.lines.back().starts_with("* ");
    if (after_trace && line.starts_with("curl: (")) {
        return false; // the last line of curl -v
    }
    return kind_ == Kind::log ? matches(shapes_->entry, line)
                              : !matches(shapes_->continuation, line);
}

void Splitter::add(std::string_view line) {
    ++lines_;
    if (kind_ != Kind::undecided) {
        return place(line, lines_);
    }
    stamped_ += matches(shapes_->entry, line) ? 1U : 0U;
    waiting_.emplace_back(line);
    if (stamped_ > 1 || waiting_.size() > k_longest_paste) {
        decide();
    }
}

/// Two time stamps make a log; very many lines are one as well.
void Splitter::decide() {
    kind_ = stamped_ > 1 ? Kind::log : Kind::plain;
    const auto waiting = std::exchange(waiting_, {});
    std::size_t number = 0;
    for (const std::string& line : waiting) {
        place(line, ++number);
    }
}

void Splitter::place(std::string_view line, std::size_t number) {
    const bool empty = trimmed(line).empty();
    if (message_.line_count > 0 && !empty && begins(line)) {
        hand_out();
    }
    if (empty) {
        return;
    }
    if (message_.line_count == 0) {
        message_.first_line = number;
    }
    ++message_.line_count;
    if (message_.lines.size() < k_most_lines) {
        message_.lines.emplace_back(line);
    }
}

void Splitter::hand_out() {
    sink_(message_);
    message_.lines.clear();
    message_.line_count = 0;
}

void Splitter::finish() {
    if (kind_ == Kind::undecided) { // short, and at most one time stamp: one message
        std::size_t number = 0;
        for (const std::string& line : std::exchange(waiting_, {})) {
            ++number;
            if (trimmed(line).empty()) {
                continue;
            }
            message_.first_line = message_.line_count == 0 ? number : message_.first_line;
            ++message_.line_count;
            message_.lines.push_back(line);
        }
    }
    if (message_.line_count > 0) {
        hand_out();
    }
}

} // namespace tlsdoctor::explain
