// SPDX-License-Identifier: Apache-2.0
// The sections about fault and fixes are those of every report; what is offered is written here.
#include "report/client_screen.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "report/layout.hpp"
#include "report/sections.hpp"
#include "report/walk.hpp"
#include "report/words.hpp"

namespace tlsdoctor::report {

namespace {

using advise::ClientFile;
using evidence::HeardHello;
using evidence::HelloLists;

constexpr std::size_t k_few_names = 8;
constexpr std::size_t k_most_hellos = 6;

/// The sections of a visit's report read a case file; a client has the parts that they need.
advise::CaseFile case_of(const ClientFile& file) {
    advise::CaseFile result;
    result.diagnosis = file.diagnosis;
    result.fixes = file.fixes;
    result.visit.interrupted = file.visit.interrupted;
    return result;
}

template <typename Number>
bool is_grease_value(Number number) {
    return is_grease(static_cast<std::uint16_t>(number));
}

/// Names a list: all of it, or its first ones and how many more there are.
template <typename Number>
std::string names_in(const std::vector<Number>& numbers, std::size_t most) {
    std::string text;
    std::size_t named = 0;
    std::size_t left = 0;
    bool grease = false;
    for (const Number number : numbers) {
        if (is_grease_value(number)) {
            grease = true;
        } else if (named < most) {
            text += (named++ == 0 ? "" : ", ") + std::string{tlsdoctor::name_of(number)};
        } else {
            ++left;
        }
    }
    text += left > 0 ? fmt::format(" and {} more", left) : "";
    return text + (grease ? " (with GREASE)" : "");
}

std::string versions_in(const HelloLists& lists) {
    std::string text;
    for (const ProtocolVersion version : lists.versions) {
        text += (text.empty() ? "" : ", ") + tlsdoctor::name_of(version);
    }
    const bool may_go_down =
        !lists.lists_versions && lists.legacy_version > ProtocolVersion::ssl_2_0;
    return text + (may_go_down ? " at most; what it still accepts below, no hello says" : "");
}

bool is_post_quantum(NamedGroup group) {
    const NamedGroupInfo* const info = find(group);
    return info != nullptr &&
           (info->kind == GroupKind::post_quantum || info->kind == GroupKind::hybrid);
}

std::string quantum_words(const HelloLists& lists) {
    if (std::ranges::any_of(lists.key_share_groups, is_post_quantum)) {
        return "yes, with a key share";
    }
    return std::ranges::any_of(lists.groups, is_post_quantum) ? "offered, without a key share"
                                                              : "no";
}

/// A line unless the text is empty.
void put_if(Page& page, std::string_view word, const std::string& text) {
    if (!text.empty()) {
        page.put(heading(word), text);
    }
}

/// Writes all names of a list, a few in a paragraph: a page clips long ones.
template <typename Number>
void put_all(Page& page, std::string_view word, const std::vector<Number>& numbers) {
    constexpr std::size_t k_per_paragraph = 12;
    for (std::size_t at = 0; at < numbers.size(); at += k_per_paragraph) {
        const auto first = numbers.begin() + static_cast<std::ptrdiff_t>(at);
        const auto size = std::min(k_per_paragraph, numbers.size() - at);
        const std::vector<Number> part(first, first + static_cast<std::ptrdiff_t>(size));
        put_if(page, at == 0 ? word : "", names_in(part, size));
    }
}

/// Writes every list in full.
void write_whole_lists(Page& page, const HelloLists& lists) {
    put_all(page, "Suites", lists.cipher_suites);
    put_all(page, "Groups", lists.groups);
    put_all(page, "Shares", lists.key_share_groups);
    put_all(page, "Signed", lists.signature_algorithms);
    put_all(page, "Extend", lists.extensions);
}

/// Writes the beginning of each list.
void write_short_lists(Page& page, const HelloLists& lists) {
    const std::size_t suites = lists.cipher_suites.size();
    put_if(
        page, "Suites",
        suites == 0 ? fmt::format("{} cipher kinds of SSL 2.0", lists.ssl2_cipher_kinds.size())
                    : fmt::format("{}: {}", suites, names_in(lists.cipher_suites, k_few_names / 2))
    );
    put_if(page, "Groups", names_in(lists.groups, k_few_names));
    put_if(page, "Signed", names_in(lists.signature_algorithms, k_few_names / 2));
}

void write_lists(Page& page, const HeardHello& hello, bool all) {
    const HelloLists& lists = *hello.lists;
    put_if(page, "Offers", versions_in(lists));
    if (all) {
        write_whole_lists(page, lists);
    } else {
        write_short_lists(page, lists);
    }
    put_if(page, "ALPN", safe_text(joined(lists.alpn, ", ")));
    page.put(
        heading("Name"), lists.sni ? safe_text(*lists.sni) : "none (no server_name extension)"
    );
    page.put(
        heading("Hello"),
        fmt::format(
            "{} bytes{}; post-quantum: {}", hello.bytes.size(),
            hello.kind == wire::OpeningKind::ssl2_hello ? " in SSL 2.0's format" : "",
            quantum_words(lists)
        )
    );
    page.put(heading("JA3"), lists.ja3);
    page.put(heading("JA4"), lists.ja4);
    if (!lists.looks_like_name.empty()) {
        page.put(
            heading("Like"), fmt::format(
                                 "{}{}  [{}]", lists.near_only ? "most similar: " : "",
                                 lists.looks_like_name, joined(lists.looks_like, ", ")
                             )
        );
    }
}

/// What came beside the hello that is shown in full.
void write_connections(Page& page, const ClientFile& file, const HeardHello* shown, bool all) {
    std::size_t left = 0;
    std::size_t written = 0;
    for (const HeardHello& hello : file.visit.hellos) {
        if (&hello == shown) {
            continue;
        }
        if (written == k_most_hellos && !all) {
            ++left;
            continue;
        }
        const std::string what = hello.lists
                                     ? fmt::format(
                                           "{}, {} bytes, JA4 {}", versions_in(*hello.lists),
                                           hello.bytes.size(), hello.lists->ja4
                                       )
                                     : fmt::format(
                                           "{}{}", wire::name_of(hello.kind),
                                           hello.protocol.empty() ? "" : " (" + hello.protocol + ")"
                                       );
        page.put(heading(written++ == 0 ? "Others" : ""), fmt::format("[{}] {}", hello.id, what));
    }
    if (left > 0) {
        page.put(heading(""), fmt::format("{} more: -v", left));
    }
}

std::string ending_of(const evidence::ProgramRun& program) {
    if (program.exit_code) {
        return fmt::format("exit code {}", *program.exit_code);
    }
    if (program.signal) {
        return fmt::format("signal {}", *program.signal);
    }
    return program.error.empty() ? program.ending : safe_text(program.error);
}

/// Tells whether a line is one that people look for.
bool is_complaint(std::string_view line) {
    constexpr std::string_view k_words[] = {"error",   "alert",  "fail",   "fatal", "exception",
                                            "refused", "denied", "cannot", "unable"};
    const std::string small = lower(line);
    return std::ranges::any_of(k_words, [&](std::string_view word) {
        return small.find(word) != std::string::npos;
    });
}

/// The complaints where there are some, else the last lines.
std::vector<std::string_view> telling_lines(std::string_view text, std::size_t most) {
    std::vector<std::string_view> lines = split(text, '\n');
    std::erase_if(lines, [](std::string_view line) { return trimmed(line).empty(); });
    if (lines.size() > most && std::ranges::any_of(lines, is_complaint)) {
        std::erase_if(lines, [](std::string_view line) { return !is_complaint(line); });
    }
    const std::size_t skipped = lines.size() > most ? lines.size() - most : 0;
    lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(skipped));
    return lines;
}

void write_program(Page& page, const evidence::ProgramRun& program, std::size_t most_lines) {
    page.put(heading("Program"), ending_of(program));
    const std::string tail = safe_lines(trimmed(program.output_tail));
    for (const std::string_view line : telling_lines(tail, most_lines)) {
        page.exact({.hang = k_hang + 2}, clipped(line, 200));
    }
}

/// The hello that the verdict stands on: the first one with the newest version.
const HeardHello* best_hello(const ClientFile& file) {
    const HeardHello* best = nullptr;
    for (const HeardHello& hello : file.visit.hellos) {
        const auto newest = [](const HeardHello& one) {
            return one.lists->versions.empty() ? ProtocolVersion::none
                                               : one.lists->versions.front();
        };
        if (hello.lists && (best == nullptr || newest(hello) > newest(*best))) {
            best = &hello;
        }
    }
    return best;
}

const diagnose::Finding& first_of(const ClientFile& file) {
    return file.diagnosis.findings.front();
}

} // namespace

std::string screen(const ClientFile& file, const ScreenOptions& options) {
    Page page{
        {.color = options.color,
         .utf8 = options.utf8,
         .columns = std::max<std::size_t>(options.columns, 40)}
    };
    const advise::CaseFile parts = case_of(file);
    const Amount amount =
        options.verbose
            ? Amount{.citations = 1'000, .fixes = 1'000, .notes = 1'000, .all_facts = true}
            : Amount{};
    const std::string_view word = word_of(first_of(file).status);
    const std::string label = file.visit.label.empty() ? "" : safe_text(file.visit.label) + "  ";
    page.put(
        {.word = word,
         .hang = std::max<std::size_t>(6, word.size() + 2),
         .paint = paint_of(first_of(file).status)},
        label + first_of(file).summary
    );
    page.blank();
    write_fault(page, parts, amount);
    if (!parts.fixes.empty()) {
        write_fixes(page, parts, amount);
    }
    write_notes(page, parts, amount);
    page.blank();
    const HeardHello* const best = best_hello(file);
    if (best != nullptr) {
        write_lists(page, *best, options.verbose);
    }
    write_connections(page, file, best, options.verbose);
    if (file.visit.walk) {
        page.blank();
        write_walk(page, *file.visit.walk, options.verbose);
        page.blank();
    }
    if (file.visit.program) {
        write_program(page, *file.visit.program, options.verbose ? 60 : 3);
    }
    page.put(
        {.indent = 2, .hang = 2},
        fmt::format(
            "{} connection{}, {:.0f} ms.   tlsdoctor help {}", file.visit.connections,
            file.visit.connections == 1 ? "" : "s", file.visit.elapsed_ms,
            first_of(file).cause->name
        )
    );
    return page.text();
}

std::string quiet_line(const ClientFile& file, bool utf8) {
    constexpr std::size_t k_most_columns = 400;
    const diagnose::Finding& verdict = first_of(file);
    const std::string line = safe_text(fmt::format(
        "{}  {}  {}  {}  {}  {}", word_of(verdict.status),
        file.visit.label.empty() ? "client" : file.visit.label, verdict.cause->name,
        tlsdoctor::name_of(verdict.side), tlsdoctor::name_of(verdict.confidence), verdict.summary
    ));
    const std::string shown = clipped(line, k_most_columns);
    return (utf8 ? shown : ascii_text(shown)) + "\n";
}

} // namespace tlsdoctor::report
