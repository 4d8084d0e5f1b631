// SPDX-License-Identifier: Apache-2.0
// Expressions of `.if`; see the header.
#include "config/servers/haproxy_conditions.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "config/server.hpp"

namespace tlsdoctor::config {

namespace {

constexpr int k_deepest_haproxy_condition = 50;
constexpr std::size_t k_most_haproxy_blocks = 16; // MAXNESTEDCONDS of HAProxy

/// What Debian 12's package is built with.
constexpr std::string_view k_haproxy_features[] = {
    "ACCEPT4",  "BACKTRACE",    "CPU_AFFINITY", "CRYPT_H", "DL",          "EPOLL",  "GETADDRINFO",
    "LIBCRYPT", "LINUX_SPLICE", "LINUX_TPROXY", "LUA",     "NETFILTER",   "NS",     "OPENSSL",
    "OT",       "PCRE2",        "PCRE2_JIT",    "POLL",    "PRCTL",       "PROMEX", "RT",
    "SLZ",      "SYSTEMD",      "TFO",          "THREAD",  "THREAD_DUMP", "TPROXY",
};

using Arguments = std::vector<std::string_view>;

std::optional<bool> call(std::string_view name, const Arguments& given, const HaproxyFacts& facts) {
    const std::string_view first = given.empty() ? "" : given[0];
    const std::string_view second = given.size() < 2 ? "" : given[1];
    if (name == "defined") {
        return facts.environment.contains(first);
    }
    if (name == "feature") {
        return std::ranges::find(k_haproxy_features, first) != std::end(k_haproxy_features);
    }
    if (name == "streq") {
        return first == second;
    }
    if (name == "strneq") {
        return first != second;
    }
    if (name == "strstr" && !older(facts.server_version, "2.8")) {
        return first.contains(second);
    }
    if (name == "version_atleast") {
        return !older(facts.server_version, first);
    }
    if (name == "version_before") {
        return older(facts.server_version, first);
    }
    if (name == "openssl_version_atleast") {
        return !older(facts.library_version, first);
    }
    if (name == "openssl_version_before") {
        return older(facts.library_version, first);
    }
    if (name == "ssllib_name_startswith") {
        return std::string_view{"OpenSSL"}.starts_with(first);
    }
    if (name == "enabled" && !older(facts.server_version, "2.7")) {
        return true; // POLL, EPOLL, SPLICE, GETADDRINFO ...: all of Linux
    }
    return std::nullopt;
}

class Condition {
public:
    Condition(std::string_view text, const HaproxyFacts& facts) : rest_{text}, facts_{facts} {}

    std::optional<bool> read() {
        skip();
        if (rest_.empty()) {
            return false;
        }
        const bool holds = any();
        skip();
        return failed_ || !rest_.empty() ? std::nullopt : std::optional{holds};
    }

private:
    void skip() {
        while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\t')) {
            rest_.remove_prefix(1);
        }
    }
    bool eat(std::string_view what) {
        skip();
        const bool there = rest_.starts_with(what);
        rest_.remove_prefix(there ? what.size() : 0);
        return there;
    }
    bool fail() {
        failed_ = true;
        rest_ = {};
        return false;
    }
    bool any();
    bool every();
    bool term();
    bool function();

    std::string_view rest_;
    const HaproxyFacts& facts_;
    int depth_{};
    bool failed_{};
};

bool Condition::any() {
    if (++depth_ > k_deepest_haproxy_condition) {
        return fail();
    }
    bool holds = every();
    while (!failed_ && eat("||")) {
        holds = every() || holds;
    }
    --depth_;
    return holds;
}

bool Condition::every() {
    bool holds = term();
    while (!failed_ && eat("&&")) {
        holds = term() && holds;
    }
    return holds;
}

bool Condition::term() {
    bool negated = false;
    while (eat("!")) {
        negated = !negated;
    }
    if (eat("(")) {
        const bool holds = any();
        return eat(")") ? holds != negated : fail();
    }
    skip();
    const std::size_t digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    if (digits > 0) {
        const bool holds = rest_.substr(0, digits).find_first_not_of('0') != rest_.npos;
        rest_.remove_prefix(digits);
        return holds != negated;
    }
    return function() != negated;
}

bool Condition::function() {
    const std::size_t open = rest_.find('(');
    const std::size_t close = rest_.find(')');
    if (open == rest_.npos || close == rest_.npos || close < open) {
        return fail();
    }
    Arguments given;
    for (const std::string_view one : split(rest_.substr(open + 1, close - open - 1), ',')) {
        given.push_back(trimmed(one));
    }
    const auto holds = call(rest_.substr(0, open), given, facts_);
    rest_.remove_prefix(close + 1);
    return holds ? *holds : fail();
}

} // namespace

std::optional<bool> haproxy_condition(std::string_view expression, const HaproxyFacts& facts) {
    return Condition{expression, facts}.read();
}

bool HaproxyBlocks::alive() const {
    return std::ranges::all_of(blocks_, [](const Block& block) {
        return block.branch == Branch::taken;
    });
}

HaproxyBlocks::Branch
HaproxyBlocks::judge(std::string_view expression, const HaproxyFacts& facts, bool& readable) const {
    const auto holds = haproxy_condition(expression, facts);
    readable = holds.has_value();
    return holds.value_or(false) ? Branch::taken : Branch::waiting;
}

std::optional<std::string> HaproxyBlocks::follow(
    std::string_view word, std::string_view expression, const HaproxyFacts& facts
) {
    bool readable = true;
    if (word == "if") {
        if (blocks_.size() >= k_most_haproxy_blocks) {
            return "`.if` blocks are nested too deeply";
        }
        const Branch branch = alive() ? judge(expression, facts, readable) : Branch::done;
        blocks_.push_back({branch});
    } else if (blocks_.empty()) {
        return "no `.if` goes before";
    } else if (word == "endif") {
        blocks_.pop_back();
    } else if (blocks_.back().last) {
        return "after `.else` only `.endif` can follow";
    } else {
        Block& block = blocks_.back();
        const bool waits = block.branch == Branch::waiting;
        const bool asks = word == "elif";
        block.branch = !waits ? Branch::done
                       : asks ? judge(expression, facts, readable)
                              : Branch::taken;
        block.last = !asks;
    }
    return readable ? std::nullopt : std::optional<std::string>{"this condition cannot be read"};
}

} // namespace tlsdoctor::config
