// SPDX-License-Identifier: Apache-2.0
// Candidates for a fix; see the header.
#include "config/candidates.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/openssl_policy.hpp"
#include "registry/lookup.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_safe_list = "HIGH:!aNULL:!MD5";
constexpr std::string_view k_common_groups = "X25519:prime256v1";
constexpr VersionSet k_below_tls12{
    ProtocolVersion::ssl_3_0, ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_1
};

/// Collects candidates for one service.
class CandidateMaker {
public:
    CandidateMaker(
        const Examination& examination, const Input& input, std::size_t service, VersionSet wanted,
        VersionSet unwanted
    )
        : reading_{examination.reading}, server_{*examination.server}, input_{input},
          service_{reading_.services[service]}, effective_{examination.effective[service]},
          wanted_{wanted}, unwanted_{unwanted}, enabled_{(service_.enabled | wanted) - unwanted} {}

    std::vector<Proposal> made() {
        rewrite_versions();
        change_ciphers();
        change_groups();
        if (server_.propose != nullptr) {
            for (Proposal& proposal : server_.propose(input_, reading_, service_, enabled_)) {
                made_.push_back(std::move(proposal));
            }
        }
        insert();
        remove_lines();
        return std::move(made_);
    }

private:
    void propose(Edit edit, std::string why) {
        if (edit.text != reading_.sources.text(edit.range)) {
            made_.push_back({{std::move(edit)}, std::move(why)});
        }
    }

    void rewrite_versions() {
        for (const Line& line : effective_.lines) {
            if (line.rewrite == nullptr) {
                continue;
            }
            const std::string_view old = reading_.sources.text(line.value);
            if (auto text = line.rewrite(old, enabled_)) {
                propose(
                    {line.value, std::move(*text)}, "the line that decides says which versions"
                );
            }
            if (auto text = line.rewrite(old, wanted_ | effective_.accepted())) {
                propose(
                    {line.value, std::move(*text)}, "the line that decides says which versions"
                );
            }
        }
    }

    /// Replaces `from` inside a value by `to`.
    void replace_in(const Line& line, std::string_view from, std::string_view to, std::string why) {
        const std::string_view value = reading_.sources.text(line.value);
        const std::size_t at = from.empty() ? value.npos : value.find(from);
        if (at != value.npos) {
            const std::size_t begin = line.value.begin + at;
            propose(
                {{line.value.file, begin, begin + from.size()}, std::string{to}}, std::move(why)
            );
        }
    }

    void change_ciphers() {
        const std::string& list = service_.ciphers;
        for (const Line& line : effective_.lines) {
            const bool beneath = line.aspect == Aspect::security_level;
            if (line.role == Role::inert || (line.aspect != Aspect::ciphers && !beneath)) {
                continue;
            }
            change_level(line);
            if (!beneath && server_.library == Library::openssl) {
                replace_in(line, list, with_twins(list), "suites for the key that is there");
                replace_in(line, list, with_ecdhe(list), "suites that need no parameters");
                replace_in(line, list, k_safe_list, "a list that OpenSSL knows");
            }
        }
    }

    void change_level(const Line& line) {
        const std::string_view value = reading_.sources.text(line.value);
        const auto level = security_level_in(value);
        if (level) {
            const std::string old = fmt::format("@SECLEVEL={}", *level);
            const bool lower = !(wanted_ & k_below_tls12).empty();
            replace_in(line, old, lower ? "@SECLEVEL=0" : "@SECLEVEL=2", "the security level");
        } else if (!(wanted_ & k_below_tls12).empty() && line.aspect == Aspect::ciphers) {
            const std::string& list = service_.ciphers;
            replace_in(
                line, list, list + ":@SECLEVEL=0", "TLS 1.1 and older need security level 0"
            );
        }
    }

    void change_groups() {
        for (const Line& line : effective_.lines) {
            if (line.aspect == Aspect::groups && line.role != Role::inert) {
                const std::string& list = service_.groups;
                replace_in(
                    line, list, fmt::format("{}:{}", k_common_groups, list),
                    "groups that clients have"
                );
            }
        }
    }

    void insert() {
        for (const Insertion& insertion : service_.insertions) {
            std::string text = insertion.text;
            const std::size_t at = text.find("{}");
            if (at != text.npos && insertion.value != nullptr) {
                const auto value = insertion.value("", enabled_);
                if (!value) {
                    continue;
                }
                text.replace(at, 2, *value);
            }
            propose(
                inserted(reading_.sources, insertion.after, insertion.before, text),
                "no line says it yet"
            );
        }
    }

    void remove_lines() {
        for (const Line& line : effective_.lines) {
            const bool removable =
                line.aspect == Aspect::versions || line.aspect == Aspect::ciphers ||
                line.aspect == Aspect::ciphersuites || line.aspect == Aspect::groups;
            if (removable && !line.needed && line.role != Role::inert) {
                propose(
                    without(reading_.sources, line.statement),
                    "without this line the default decides"
                );
            }
        }
    }

    const Reading& reading_;
    const Server& server_;
    const Input& input_;
    const Service& service_;
    const Effective& effective_;
    VersionSet wanted_;
    VersionSet unwanted_;
    VersionSet enabled_; ///< what directives should enable in the end
    std::vector<Proposal> made_{};
};

bool is_blank(std::string_view text) {
    return trimmed(text).empty();
}

/// Nothing, or a comment.
bool ends_line(std::string_view rest) {
    const std::string_view text = trimmed(rest);
    return text.empty() || text.starts_with('#') || text.starts_with("//") ||
           text.starts_with("--") || text.starts_with("<!--");
}

std::string_view line_end_in(std::string_view bytes) {
    return bytes.find("\r\n") == bytes.npos ? "\n" : "\r\n";
}

/// How one suite may stand in for another, all else being equal.
using IsTwin = bool (*)(const CipherSuiteInfo& one, const CipherSuiteInfo& other);

/// The other key type.
bool has_other_key(const CipherSuiteInfo& one, const CipherSuiteInfo& other) {
    const auto a = one.authentication;
    const auto b = other.authentication;
    return one.key_exchange == other.key_exchange &&
           ((a == Authentication::ecdsa && b == Authentication::rsa) ||
            (a == Authentication::rsa && b == Authentication::ecdsa));
}

/// The key exchange that needs no parameters.
bool has_curves(const CipherSuiteInfo& one, const CipherSuiteInfo& other) {
    return one.key_exchange == KeyExchange::dhe && other.key_exchange == KeyExchange::ecdhe &&
           one.authentication == other.authentication;
}

/// The twin of a suite by OpenSSL's name; empty where there is none.
std::string_view twin_of(std::string_view name, IsTwin is_twin) {
    const auto suite = suite_named(name);
    const CipherSuiteInfo* const info = suite ? find(*suite) : nullptr;
    if (info == nullptr) {
        return {};
    }
    const std::string_view digest = info->name.substr(info->name.rfind('_'));
    for (const CipherSuiteInfo& other : cipher_suites()) {
        if (is_twin(*info, other) && other.encryption == info->encryption &&
            other.mac == info->mac && other.name.ends_with(digest)) {
            return other.openssl_name;
        }
    }
    return {};
}

std::string with_each(std::string_view list, IsTwin is_twin) {
    std::string result;
    for (const std::string_view name : split(list, ':')) {
        result += (result.empty() ? "" : ":") + std::string{name};
        const std::string_view twin = twin_of(trimmed(name), is_twin);
        const bool listed = fmt::format(":{}:", list).contains(fmt::format(":{}:", twin));
        if (!twin.empty() && !listed) {
            result += ":" + std::string{twin};
        }
    }
    return result;
}

} // namespace

std::vector<Proposal> candidates_for(
    const Examination& examination, const Input& input, std::size_t service, VersionSet wanted,
    VersionSet unwanted
) {
    return CandidateMaker{examination, input, service, wanted, unwanted}.made();
}

std::vector<Proposal> candidates_for_the_start(const Examination& examination) {
    std::vector<Proposal> all;
    for (const Remark& remark : examination.reading.fatal) {
        all.push_back(
            {{without(examination.reading.sources, remark.place)}, "the server refuses this line"}
        );
    }
    return all;
}

Edit without(const Sources& sources, Place statement) {
    const std::string& bytes = sources.at(statement.file).bytes;
    const Place first = sources.line(statement);
    const Place last = sources.line({statement.file, statement.end, statement.end});
    const std::string_view whole = bytes;
    const bool alone =
        is_blank(whole.substr(first.begin, statement.begin - first.begin)) &&
        ends_line(whole.substr(statement.end, last.end - std::min(last.end, statement.end)));
    if (!alone) {
        const std::size_t next =
            std::min(whole.find_first_not_of(" \t", statement.end), bytes.size());
        return {{statement.file, statement.begin, next}, ""};
    }
    const std::size_t newline = whole.find('\n', last.end);
    if (newline != whole.npos) {
        return {{statement.file, first.begin, newline + 1}, ""};
    }
    // The last line, without an end: the line before it becomes the last one.
    const std::size_t before = first.begin == 0 ? 0 : first.begin - 1;
    return {{statement.file, before, bytes.size()}, ""};
}

Edit inserted(const Sources& sources, Place statement, bool before, const std::string& text) {
    const std::string_view bytes = sources.at(statement.file).bytes;
    const std::string line_end{line_end_in(bytes)};
    const std::string indented = std::string{sources.indentation(statement)} + text;
    if (before) {
        const Place line = sources.line(statement);
        if (!is_blank(bytes.substr(line.begin, statement.begin - line.begin))) {
            return {{statement.file, statement.begin, statement.begin}, text + " "};
        }
        return {{statement.file, line.begin, line.begin}, indented + line_end};
    }
    const Place line = sources.line({statement.file, statement.end, statement.end});
    const std::size_t end = std::max(line.end, statement.end);
    if (!ends_line(bytes.substr(statement.end, end - statement.end))) {
        return {{statement.file, statement.end, statement.end}, " " + text};
    }
    return {{statement.file, end, end}, line_end + indented};
}

std::string with_twins(std::string_view list) {
    return with_each(list, has_other_key);
}

std::string with_ecdhe(std::string_view list) {
    return with_each(list, has_curves);
}

} // namespace tlsdoctor::config
