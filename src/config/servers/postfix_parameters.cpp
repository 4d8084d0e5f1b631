// SPDX-License-Identifier: Apache-2.0
// Looking up and expanding parameters; see the header.
#include "config/servers/postfix_parameters.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_most_postfix_depth = 50;
constexpr std::size_t k_longest_postfix_value = 1 << 20;

/// A built-in default; the row holds for versions older than `before`, the first that fits counts.
struct PostfixDefault {
    std::string_view name{};
    std::string_view value{};
    std::string_view before{}; ///< empty: for all
};

constexpr PostfixDefault k_postfix_defaults[] = {
    {"smtpd_tls_protocols", "!SSLv2, !SSLv3", "3.6"},
    {"smtpd_tls_protocols", ">=TLSv1", ""},
    {"smtpd_tls_mandatory_protocols", "!SSLv2, !SSLv3", "3.6"},
    {"smtpd_tls_mandatory_protocols", ">=TLSv1", ""},
    {"smtpd_tls_ciphers", "medium", ""},
    {"smtpd_tls_mandatory_ciphers", "medium", ""},
    {"tls_high_cipherlist", "aNULL:-aNULL:HIGH:@STRENGTH", ""},
    {"tls_medium_cipherlist", "aNULL:-aNULL:HIGH:MEDIUM:+RC4:@STRENGTH", ""},
    {"tls_low_cipherlist", "aNULL:-aNULL:HIGH:MEDIUM:LOW:+RC4:@STRENGTH", ""},
    {"tls_export_cipherlist", "aNULL:-aNULL:HIGH:MEDIUM:LOW:EXPORT:+RC4:@STRENGTH", ""},
    {"tls_null_cipherlist", "eNULL:!aNULL", ""},
    {"smtpd_tls_eecdh_grade", "auto", ""},
    {"tls_eecdh_auto_curves", "X25519 X448 prime256v1 secp521r1 secp384r1", ""},
    {"tls_eecdh_strong_curve", "prime256v1", ""},
    {"tls_eecdh_ultra_curve", "secp384r1", ""},
    {"tls_config_file", "default", ""},
    {"inet_interfaces", "all", ""},
    {"inet_protocols", "all", ""},
    {"smtpd_tls_wrappermode", "no", ""},
    {"smtpd_use_tls", "no", ""},
    {"smtpd_enforce_tls", "no", ""},
};

std::string_view default_of(std::string_view name, std::string_view version) {
    for (const PostfixDefault& row : k_postfix_defaults) {
        if (row.name == name && (row.before.empty() || older(version, row.before))) {
            return row.value;
        }
    }
    return {};
}

bool is_parameter_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_';
}

class Expander {
public:
    Expander(const PostfixParameters& parameters, PostfixValue& result)
        : parameters_{parameters}, result_{result} {}

    const Setting* find(std::string_view name) const {
        const Setting* const option = parameters_.options().find(name);
        return option != nullptr ? option : parameters_.main().find(name);
    }
    std::string named(std::string_view name, std::size_t depth);
    std::string expanded(std::string_view text, std::size_t depth);

private:
    std::string reference(std::string_view text, std::size_t& at, std::size_t depth);
    std::string inner(std::string_view body, std::size_t depth);
    std::string chosen(std::string_view rest, bool holds, std::size_t depth);
    std::string compared(std::string_view body, std::size_t depth);

    const PostfixParameters& parameters_;
    PostfixValue& result_;
};

/// Returns the offset of the bracket that closes the one at `at`; the end where there is none.
std::size_t closing_of(std::string_view text, std::size_t at) {
    const char open = text[at];
    const char close = open == '{' ? '}' : ')';
    std::size_t depth = 0;
    for (std::size_t i = at; i < text.size(); ++i) {
        depth += text[i] == open ? 1U : 0U;
        if (text[i] == close && --depth == 0) {
            return i;
        }
    }
    return text.size();
}

/// Takes `{...}` from the front of `text`; nullopt where it does not begin so.
std::optional<std::string_view> take_braced(std::string_view& text) {
    text = trimmed(text);
    if (!text.starts_with('{')) {
        return std::nullopt;
    }
    const std::size_t close = closing_of(text, 0);
    const std::string_view body = trimmed(text.substr(1, close - 1));
    text.remove_prefix(std::min(close + 1, text.size()));
    return body;
}

std::string Expander::named(std::string_view name, std::size_t depth) {
    if (const Setting* const setting = find(name)) {
        if (depth > 0 && std::ranges::find(result_.used, setting) == result_.used.end()) {
            result_.used.push_back(setting);
        }
        return expanded(setting->value, depth + 1);
    }
    return expanded(default_of(name, parameters_.version()), depth + 1);
}

std::string Expander::expanded(std::string_view text, std::size_t depth) {
    if (depth > k_most_postfix_depth) {
        result_.endless = true;
        return {};
    }
    std::string out;
    for (std::size_t at = 0; at < text.size() && out.size() < k_longest_postfix_value;) {
        if (text[at] != '$') {
            out += text[at++];
        } else if (at + 1 < text.size() && text[at + 1] == '$') {
            out += '$';
            at += 2;
        } else {
            out += reference(text, at, depth);
        }
        if (result_.endless) {
            return {};
        }
    }
    return out;
}

std::string Expander::reference(std::string_view text, std::size_t& at, std::size_t depth) {
    ++at;
    if (at < text.size() && (text[at] == '{' || text[at] == '(')) {
        const std::size_t close = closing_of(text, at);
        const std::string_view body = text.substr(at + 1, close - at - 1);
        at = std::min(close + 1, text.size());
        return inner(body, depth);
    }
    std::size_t end = at;
    while (end < text.size() && is_parameter_byte(text[end])) {
        ++end;
    }
    const std::string_view name = text.substr(at, end - at);
    at = end;
    return named(name, depth + 1);
}

/// What stands in `${...}`: a name, `name?value`, `name:value`, `name?{a}:{b}`, a comparison.
std::string Expander::inner(std::string_view body, std::size_t depth) {
    body = trimmed(body);
    if (body.starts_with('{')) {
        return compared(body, depth);
    }
    const std::size_t end =
        static_cast<std::size_t>(std::ranges::find_if_not(body, is_parameter_byte) - body.begin());
    const std::string value = named(body.substr(0, end), depth + 1);
    const std::string_view rest = trimmed(body.substr(end));
    if (rest.empty()) {
        return value;
    }
    return chosen(rest, !value.empty(), depth);
}

/// `?{a}:{b}`, `?a`, `:b` behind a condition.
std::string Expander::chosen(std::string_view rest, bool holds, std::size_t depth) {
    if (rest.starts_with(':')) {
        rest.remove_prefix(1);
        const auto braced = take_braced(rest);
        return holds ? "" : expanded(braced.value_or(rest), depth + 1);
    }
    if (!rest.starts_with('?')) {
        return {};
    }
    rest.remove_prefix(1);
    const auto first = take_braced(rest);
    if (!first) {
        return holds ? expanded(rest, depth + 1) : "";
    }
    rest = trimmed(rest);
    if (holds || !rest.starts_with(':')) {
        return holds ? expanded(*first, depth + 1) : "";
    }
    rest.remove_prefix(1);
    const auto second = take_braced(rest);
    return expanded(second.value_or(rest), depth + 1);
}

/// `{a} == {b} ? {x} : {y}`
std::string Expander::compared(std::string_view body, std::size_t depth) {
    const std::string left = expanded(take_braced(body).value_or(""), depth + 1);
    body = trimmed(body);
    const std::size_t end = std::min(body.find('{'), body.size());
    const std::string_view sign = trimmed(body.substr(0, end));
    body.remove_prefix(end);
    const std::string right = expanded(take_braced(body).value_or(""), depth + 1);
    const auto a = number_in(left, 999'999'999);
    const auto b = number_in(right, 999'999'999);
    int order = 0;
    if (sign.contains("level")) {
        order = older(left, right) ? -1 : older(right, left) ? 1 : 0;
    } else if (a && b) {
        order = *a < *b ? -1 : *a > *b ? 1 : 0;
    } else {
        order = left.compare(right);
    }
    const bool holds = sign.starts_with("==")   ? order == 0
                       : sign.starts_with("!=") ? order != 0
                       : sign.starts_with("<=") ? order <= 0
                       : sign.starts_with(">=") ? order >= 0
                       : sign.starts_with('<')  ? order < 0
                                                : order > 0;
    return chosen(trimmed(body), holds, depth);
}

} // namespace

PostfixValue PostfixParameters::value(std::string_view name) const {
    PostfixValue result;
    Expander expander{*this, result};
    result.from = expander.find(name);
    result.text = expander.named(name, 0);
    return result;
}

bool PostfixParameters::yes(std::string_view name) const {
    return same_ignoring_case(trimmed(value(name).text), "yes");
}

std::vector<std::string> postfix_list(std::string_view text) {
    std::vector<std::string> items;
    std::string item;
    for (const char byte : text) {
        if (std::string_view{", \t\r\n"}.contains(byte)) {
            if (!item.empty()) {
                items.push_back(std::move(item));
            }
            item.clear();
        } else {
            item += byte;
        }
    }
    if (!item.empty()) {
        items.push_back(std::move(item));
    }
    return items;
}

} // namespace tlsdoctor::config
