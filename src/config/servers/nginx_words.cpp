// SPDX-License-Identifier: Apache-2.0
// Changing version words in place; see the header.
#include "config/servers/nginx_words.hpp"

#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/nginx_rules.hpp"
#include "config/syntax/block.hpp"

namespace tlsdoctor::config {

namespace {

/// A version word where it stands in the value.
struct NginxVersionWord {
    std::size_t begin{};
    std::size_t end{};
    ProtocolVersion version{};
    bool stays{};
};

/// The words of a value, quotes included in their places.
std::vector<Word> nginx_words_of(std::string_view value) {
    Sources sources;
    const FileId file = sources.add("", std::string{value} + ";");
    const Document document = read_block(sources, file);
    return document.statements.empty() ? std::vector<Word>{} : document.statements.front().words;
}

bool runs_downwards(const std::vector<NginxVersionWord>& words) {
    return words.size() > 1 && words.front().version > words.back().version;
}

/// Puts a word for `version` beside those that stay, where the order of the list wants it.
void insert_nginx_version(
    std::string& text, const std::vector<NginxVersionWord>& stay, ProtocolVersion version,
    bool downwards
) {
    const auto after = std::ranges::find_if(stay, [&](const NginxVersionWord& word) {
        return downwards ? word.version < version : word.version > version;
    });
    const std::string name{openssl_name(version)};
    if (after != stay.end()) {
        text.insert(after->begin, name + " ");
    } else {
        text.insert(stay.back().end, " " + name);
    }
}

/// Takes a word away, and the blanks that set it apart.
void remove_nginx_version(std::string& text, const NginxVersionWord& word) {
    std::size_t begin = word.begin;
    std::size_t end = word.end;
    const auto is_blank = [&](std::size_t at) {
        return text[at] == ' ' || text[at] == '\t';
    };
    while (begin > 0 && is_blank(begin - 1)) {
        --begin;
    }
    while (begin == 0 && end < text.size() && is_blank(end)) {
        ++end;
    }
    text.erase(begin, end - begin);
}

std::vector<NginxVersionWord> nginx_version_words(std::string_view text, VersionSet wanted) {
    std::vector<NginxVersionWord> words;
    for (const Word& word : nginx_words_of(text)) {
        if (const auto version = nginx_protocol(word.text)) {
            words.push_back({word.place.begin, word.place.end, *version, wanted.has(*version)});
        }
    }
    return words;
}

} // namespace

std::optional<std::string> rewrite_nginx_protocols(std::string_view old, VersionSet wanted) {
    if (wanted.empty()) {
        return std::nullopt;
    }
    std::string text{old};
    const auto first = nginx_version_words(text, wanted);
    const bool downwards = runs_downwards(first);
    if (std::ranges::none_of(first, &NginxVersionWord::stays)) {
        if (first.empty()) {
            return openssl_names(wanted, " ");
        }
        std::string list = openssl_names(wanted, " ");
        return text.replace(first.front().begin, first.back().end - first.front().begin, list);
    }
    for (auto word = first.rbegin(); word != first.rend(); ++word) {
        if (!word->stays) {
            remove_nginx_version(text, *word);
        }
    }
    for (const ProtocolVersion version : wanted.members()) {
        const auto words = nginx_version_words(text, wanted);
        if (std::ranges::find(words, version, &NginxVersionWord::version) == words.end()) {
            insert_nginx_version(text, words, version, downwards);
        }
    }
    return text;
}

std::optional<std::string> rewrite_nginx_command(std::string_view old, VersionSet wanted) {
    const auto words = nginx_words_of(old);
    if (words.size() != 2 || wanted.empty()) {
        return std::nullopt;
    }
    const bool lowest = same_ignoring_case(words[0].text, "MinProtocol");
    if (!lowest && !same_ignoring_case(words[0].text, "MaxProtocol")) {
        return std::nullopt;
    }
    const std::string_view name = openssl_name(lowest ? wanted.lowest() : wanted.highest());
    const char* const quote = !words[1].quoted ? "" : old[words[1].place.begin] == '"' ? "\"" : "'";
    std::string text{old};
    return text.replace(
        words[1].place.begin, words[1].place.end - words[1].place.begin,
        fmt::format("{}{}{}", quote, name, quote)
    );
}

} // namespace tlsdoctor::config
