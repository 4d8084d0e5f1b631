// SPDX-License-Identifier: Apache-2.0
// <IfVersion>; see apache_tree.hpp.
#include "base/text.hpp"
#include "config/servers/apache_tree.hpp"

namespace tlsdoctor::config {

namespace {

/// Returns -1, 0, 1 as `a` is older, the same, newer.
int compared(std::string_view a, std::string_view b) {
    if (older(a, b)) {
        return -1;
    }
    return older(b, a) ? 1 : 0;
}

} // namespace

std::optional<bool>
apache_version_fits(const std::vector<std::string>& words, std::string_view version) {
    std::string sign = words.size() > 1 ? words[0] : "=";
    const std::string wanted = words.back();
    const bool negated = sign.starts_with('!');
    if (negated) {
        sign.erase(0, 1);
    }
    const bool is_pattern = wanted.starts_with('/') || sign == "~";
    if (is_pattern || wanted.empty() || wanted.find_first_not_of("0123456789.") != wanted.npos) {
        return std::nullopt;
    }
    const int order = compared(version, wanted);
    if (sign == "=" || sign == "==" || sign.empty()) {
        return (order == 0) != negated;
    }
    if (sign == ">" || sign == ">=") {
        return (order > 0 || (order == 0 && sign.size() == 2)) != negated;
    }
    if (sign == "<" || sign == "<=") {
        return (order < 0 || (order == 0 && sign.size() == 2)) != negated;
    }
    return std::nullopt;
}

} // namespace tlsdoctor::config
