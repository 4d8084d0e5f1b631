// SPDX-License-Identifier: Apache-2.0
// Edits of HAProxy's files beyond writing versions anew: `ssl` on a bind line, versions on a line
// that has none, strict-sni taken away.
#include <algorithm>

#include <fmt/core.h>

#include "config/servers/haproxy_model.hpp"

namespace tlsdoctor::config {

namespace {

/// The words of a statement, with their places in its file.
std::vector<HaproxyWord> words_at(const Reading& reading, Place statement) {
    Sources sources;
    const FileId file = sources.add("", std::string{reading.sources.text(statement)});
    const Document document = read_haproxy_lines(sources, file);
    std::vector<HaproxyWord> words;
    std::vector<std::string> missing;
    if (document.statements.size() == 1) {
        for (const Word& word : document.statements[0].words) {
            HaproxyWord one = resolve_haproxy(word, {}, missing)[0];
            one.place = {
                statement.file, statement.begin + word.place.begin, statement.begin + word.place.end
            };
            words.push_back(std::move(one));
        }
    }
    return words;
}

bool has_word(const std::vector<HaproxyWord>& words, std::string_view text) {
    return std::ranges::find(words, text, &HaproxyWord::text) != words.end();
}

Proposal inserting(Place after, std::string text, std::string why) {
    return {{{{after.file, after.end, after.end}, std::move(text)}}, std::move(why)};
}

void propose_ssl(const std::vector<HaproxyWord>& words, std::vector<Proposal>& proposals) {
    const bool certificate = has_word(words, "crt") || has_word(words, "crt-list");
    if (words.size() > 1 && certificate && !has_word(words, "ssl")) {
        proposals.push_back(inserting(words[1].place, " ssl", "`ssl` turns TLS on for this address")
        );
    }
}

void propose_without(
    const std::vector<HaproxyWord>& words, std::string_view word, std::vector<Proposal>& proposals
) {
    for (std::size_t i = 1; i < words.size(); ++i) {
        if (words[i].text == word) {
            const Place before = words[i - 1].place;
            const Place range{before.file, before.end, words[i].place.end};
            proposals.push_back({{{range, ""}}, fmt::format("without `{}`", word)});
        }
    }
}

/// The same line with all that it says about versions written as minimum and maximum.
void propose_versions(
    const Reading& reading, Place options, VersionSet wanted, std::vector<Proposal>& proposals
) {
    const std::string_view old = reading.sources.text(options);
    const std::string bounds = haproxy_options_for(wanted, true);
    // Only what is said elsewhere may need the minimum here, so it comes without first.
    for (const std::string& words : {haproxy_options_for(wanted, false), bounds}) {
        if (words.empty()) {
            continue;
        }
        const auto without = rewrite_haproxy_options(old, k_modern_versions);
        if (!without || without->contains("ssl-m")) {
            proposals.push_back(inserting(options, words, "versions for this line alone"));
        } else {
            proposals.push_back({{{options, *without + words}}, "versions for this line alone"});
        }
    }
}

void propose_for_entry(
    const Reading& reading, const Line& line, VersionSet wanted, std::vector<Proposal>& proposals
) {
    if (line.value.begin != 0) {
        propose_versions(reading, line.value, wanted, proposals);
        return;
    }
    const std::string_view text = reading.sources.text(line.statement);
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    const Place file{line.statement.file, line.statement.begin, line.statement.begin + end};
    const std::string bounds = haproxy_options_for(wanted, true);
    proposals.push_back(
        inserting(file, fmt::format(" [{}]", bounds.substr(1)), "versions for these names alone")
    );
}

} // namespace

std::vector<Proposal> propose_haproxy(
    const Input& /*input*/, const Reading& reading, const Service& service, VersionSet wanted
) {
    std::vector<Proposal> proposals;
    for (const Line& line : service.lines) {
        const bool is_bind = reading.sources.text(line.statement).starts_with("bind");
        if (line.role != Role::effective) {
            continue;
        }
        if (service.door == Door::plain) {
            propose_ssl(words_at(reading, line.statement), proposals);
        } else if (service.door == Door::name_refused) {
            propose_without(words_at(reading, line.statement), "strict-sni", proposals);
        } else if (service.door == Door::tls && !wanted.empty()) {
            const bool versions = line.aspect == Aspect::versions || line.aspect == Aspect::listen;
            if (is_bind && versions) {
                propose_versions(reading, line.value, wanted, proposals);
            } else if (line.aspect == Aspect::certificate) {
                propose_for_entry(reading, line, wanted, proposals);
            }
        }
    }
    return proposals;
}

} // namespace tlsdoctor::config
