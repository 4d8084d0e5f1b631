// SPDX-License-Identifier: Apache-2.0
// Names on a socket; see the header.
#include "config/servers/nginx_names.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_nginx_name_letters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

/// Returns the longest literal end of a regular expression without its `$`, escapes resolved, and
/// how many bytes of the expression it takes.
std::pair<std::string, std::size_t> nginx_literal_end(std::string_view regex) {
    std::string reversed;
    std::size_t at = regex.size();
    while (at > 0) {
        const bool dot = at > 1 && regex[at - 1] == '.' && regex[at - 2] == '\\';
        if (!dot && !k_nginx_name_letters.contains(regex[at - 1])) {
            break;
        }
        // `\w` and its like are no letters.
        if (!dot && at > 1 && regex[at - 2] == '\\') {
            break;
        }
        reversed += regex[at - 1];
        at -= dot ? 2 : 1;
    }
    return {{reversed.rbegin(), reversed.rend()}, regex.size() - at};
}

/// Tells whether the beginning of an expression matches any label: `^`, `^(.+)`, `^[^.]+`,
/// `^(?<name>\w+)` and nothing at all.
bool nginx_any_label(std::string_view regex) {
    regex.remove_prefix(regex.starts_with('^') ? 1 : 0);
    if (regex.empty()) {
        return true;
    }
    if (regex.starts_with('(') && regex.ends_with(')')) {
        regex.remove_prefix(1);
        regex.remove_suffix(1);
        if (regex.starts_with('?')) {
            const std::size_t end = regex.find_first_of(":>");
            regex.remove_prefix(end == regex.npos ? regex.size() : end + 1);
        }
    }
    if (!regex.ends_with('+') && !regex.ends_with('*') && !regex.ends_with('}')) {
        return false;
    }
    regex = regex.substr(0, regex.ends_with('}') ? regex.rfind('{') : regex.size() - 1);
    const bool letters = regex.starts_with('[') && regex.find(']') == regex.size() - 1;
    return regex == "." || regex == "\\w" || regex == "\\S" || letters;
}

} // namespace

std::string nginx_regex_name(std::string_view regex) {
    regex.remove_prefix(regex.starts_with('~') ? 1 : 0);
    regex.remove_prefix(regex.starts_with('*') ? 1 : 0);
    if (!regex.ends_with('$') || regex.contains('|')) {
        return {};
    }
    regex.remove_suffix(1);
    const auto [literal, size] = nginx_literal_end(regex);
    const std::string_view before = regex.substr(0, regex.size() - size);
    if (before == "^") {
        return lower(literal);
    }
    // `.1.test` of `^[0-9].1.test$` is not all: only whole labels can be told.
    return literal.starts_with('.') && nginx_any_label(before) ? "*" + lower(literal) : "";
}

NginxNames::NginxNames(const NginxSocket& socket) : socket_{socket} {
    for (std::size_t i = 0; i < socket.members.size(); ++i) {
        const NginxServer& server = *socket.members[i].server;
        for (const NginxDirective* const line : nginx_named(server.block->body, "server_name")) {
            for (std::size_t word = 0; word < line->arguments(); ++word) {
                add_name(line->argument(word), i, line->statement);
            }
        }
    }
}

void remark_nginx_regexes(const std::vector<NginxServer>& servers, Reading& reading) {
    for (const NginxServer& server : servers) {
        for (const NginxDirective* const line : nginx_named(server.block->body, "server_name")) {
            for (std::size_t i = 0; i < line->arguments(); ++i) {
                const std::string_view word = line->argument(i);
                if (word.starts_with('~') && nginx_regex_name(word).empty()) {
                    reading.not_understood.push_back(
                        {line->statement->place,
                         fmt::format(
                             "the names that {} matches are not followed: they may lead to this "
                             "server",
                             harmless(word)
                         )}
                    );
                }
            }
        }
    }
}

void NginxNames::add_name(std::string_view text, std::size_t member, const Statement* line) {
    if (text.starts_with('~')) {
        if (std::string name = nginx_regex_name(text); !name.empty()) {
            add(std::move(name), member, line, true);
        }
        return;
    }
    if (text.empty() || text == "*" || text.contains('$')) {
        return; // "" is a request without a name, `$hostname` the machine's own
    }
    if (text.starts_with('.')) {
        add(lower(text.substr(1)), member, line, false);
        add("*" + lower(text), member, line, false);
        return;
    }
    add(lower(text), member, line, false);
}

void NginxNames::add(std::string sni, std::size_t member, const Statement* line, bool regex) {
    const auto [at, fresh] = known_.try_emplace(sni, routes_.size());
    if (fresh) {
        routes_.push_back({std::move(sni), member, line, regex, {}});
        return;
    }
    NginxRoute& first = routes_[at->second];
    if (first.regex && !regex) {
        first = {std::move(sni), member, line, false, {}}; // expressions come last
    } else if (first.member != member) {
        first.losers.push_back(socket_.members[member]);
    }
}

const NginxRoute* NginxNames::find(std::string_view sni) const {
    if (const auto exact = known_.find(sni); exact != known_.end()) {
        return &routes_[exact->second];
    }
    const NginxRoute* expression = nullptr;
    for (std::size_t dot = sni.find('.'); dot != sni.npos; dot = sni.find('.', dot + 1)) {
        const auto leading = known_.find("*" + std::string{sni.substr(dot)});
        if (leading != known_.end() && !routes_[leading->second].regex) {
            return &routes_[leading->second];
        }
        if (leading != known_.end() && expression == nullptr) {
            expression = &routes_[leading->second];
        }
    }
    for (std::size_t dot = sni.rfind('.'); dot != sni.npos && dot > 0;
         dot = sni.rfind('.', dot - 1)) {
        const auto trailing = known_.find(std::string{sni.substr(0, dot)} + ".*");
        if (trailing != known_.end()) {
            return &routes_[trailing->second];
        }
    }
    return expression;
}

} // namespace tlsdoctor::config
