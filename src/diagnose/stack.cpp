// SPDX-License-Identifier: Apache-2.0
// Names a stack by exclusion. Each answer is looked up under (probe, newest version accepted): a
// style of refusing that was never seen to give it is contradicted. What is left fits; one family
// alone is a name. tools/gen_stacks.py repeats this to judge the table, and must stay like it.
#include "diagnose/stack.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <span>
#include <utility>

#include "base/bytes.hpp"
#include "base/text.hpp"
#include "diagnose/stack_answers.hpp"

namespace tlsdoctor::diagnose {

namespace {

/// A row of data/stacks.tsv.
struct StackRow {
    std::string_view style{};
    std::string_view family{};
    std::string_view probe{};
    std::string_view newest{};
    std::string_view answers{}; ///< separated by commas
};

constexpr StackRow k_rows[] = {
#include "stacks.inc"
};

// How much an answer that a style never gave speaks against it. Anything on the way may close a
// connection, so all that came without a word counts once, and never excludes by itself.
constexpr unsigned k_word = 2;
constexpr unsigned k_wordless = 1;
/// A name is likely where all others are contradicted by this much: by two probes at least.
constexpr unsigned k_two_probes = k_word + k_wordless;

/// A style of refusing, and the observations that contradict it.
struct Style {
    std::string_view family{};
    std::span<const StackRow> rows{};
    std::vector<std::size_t> against{};
    unsigned score{};
};

bool lists(const StackRow& row, std::string_view answer) {
    const auto answers = split(row.answers, ',');
    return std::ranges::find(answers, answer) != answers.end();
}

bool contradicts(const Observation& observation, std::span<const StackRow> rows) {
    bool asked = false;
    bool given = false;
    for (const StackRow& row : rows) {
        if (row.probe != observation.probe) {
            continue;
        }
        const bool fits = lists(row, observation.answer);
        if (row.newest == observation.newest) {
            return !fits;
        }
        asked = true;
        given = given || fits;
    }
    // That situation was never measured: any answer to this probe counts.
    return asked && !given;
}

std::vector<Style> styles_against(const std::vector<Observation>& seen) {
    std::vector<Style> styles;
    for (const auto* row = std::begin(k_rows); row != std::end(k_rows);) {
        const auto* const end = std::find_if(row, std::end(k_rows), [&](const StackRow& other) {
            return other.style != row->style;
        });
        Style style{.family = row->family, .rows = {row, end}};
        bool wordless = false;
        for (std::size_t i = 0; i < seen.size(); ++i) {
            if (contradicts(seen[i], style.rows)) {
                style.against.push_back(i);
                wordless = wordless || is_wordless(seen[i]);
                style.score += is_wordless(seen[i]) ? 0 : k_word;
            }
        }
        style.score += wordless ? k_wordless : 0;
        styles.push_back(std::move(style));
        row = end;
    }
    return styles;
}

/// Returns the families of the styles that are contradicted by less than `limit`, each once, in the
/// table's order; those of one library where one is given.
std::vector<std::string>
families_below(std::span<const Style> styles, unsigned limit, std::string_view library = {}) {
    std::vector<std::string> families;
    for (const Style& style : styles) {
        const bool asked = library.empty() || library_of(style.family) == library;
        if (asked && style.score < limit &&
            std::ranges::find(families, style.family) == families.end()) {
            families.emplace_back(style.family);
        }
    }
    return families;
}

/// By how much the least contradicted style of another library is.
unsigned margin_over_others(std::span<const Style> styles, std::string_view library) {
    unsigned margin = std::numeric_limits<unsigned>::max();
    for (const Style& style : styles) {
        margin = library_of(style.family) != library ? std::min(margin, style.score) : margin;
    }
    return margin;
}

/// Words that can be told apart from a box on the way: two at least, and where no version is
/// accepted two different ones, for one alert to everything says little.
bool says_enough(std::span<const Observation> seen, bool accepts) {
    std::vector<std::string_view> words;
    for (const Observation& observation : seen) {
        if (!is_wordless(observation) && observation.probe != k_accepts) {
            words.emplace_back(observation.answer);
        }
    }
    const bool differ = std::ranges::adjacent_find(words, std::not_equal_to{}) != words.end();
    return words.size() >= 2 && (accepts || differ);
}

/// The fewest exchanges, greedily, by which every style of another name is contradicted twice, or
/// as often as it is at all.
std::vector<std::string> exchanges_against(
    std::span<const Style> styles, std::span<const Observation> seen,
    const std::vector<std::string>& candidates
) {
    std::vector<std::size_t> missing(styles.size());
    for (std::size_t i = 0; i < styles.size(); ++i) {
        const bool fits = std::ranges::find(candidates, styles[i].family) != candidates.end();
        missing[i] = fits ? 0 : std::min<std::size_t>(2, styles[i].against.size());
    }
    const auto rules_out = [&](std::size_t observation, std::size_t style) {
        return missing[style] > 0 &&
               std::ranges::find(styles[style].against, observation) != styles[style].against.end();
    };
    std::vector<bool> taken(seen.size());
    while (std::ranges::any_of(missing, [](std::size_t count) { return count > 0; })) {
        std::pair<std::size_t, std::size_t> best{}; // how many styles, which observation
        for (std::size_t i = 0; i < seen.size(); ++i) {
            std::size_t count = 0;
            for (std::size_t j = 0; j < styles.size() && !taken[i]; ++j) {
                count += rules_out(i, j) ? 1U : 0U;
            }
            best = count > best.first ? std::pair{count, i} : best;
        }
        for (std::size_t j = 0; j < styles.size(); ++j) {
            missing[j] -= rules_out(best.second, j) ? 1U : 0U;
        }
        taken[best.second] = true;
    }
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < seen.size(); ++i) {
        const bool listed = std::ranges::find(ids, seen[i].shown_by->id) != ids.end();
        if (taken[i] && !listed) {
            ids.push_back(seen[i].shown_by->id);
        }
    }
    return ids;
}

/// What some servers append to the alert in clear, or say instead of one; measured with MariaDB
/// 10.11, vsftpd 3.0.3 and Dovecot 2.3.
constexpr std::pair<std::string_view, std::string_view> k_texts[] = {
    {"#08S01Bad handshake", "MariaDB"},
    {"500 OOPS: ", "vsftpd"},
    {"* BYE [UNAVAILABLE] TLS initialization failed.", "Dovecot"},
};

std::string_view product_in_clear(const evidence::Endpoint& endpoint) {
    for (const evidence::Exchange& exchange : endpoint.exchanges) {
        const bool clear = exchange.outcome == evidence::Outcome::refused ||
                           exchange.outcome == evidence::Outcome::not_tls;
        const std::string_view text = clear ? as_text(exchange.received) : std::string_view{};
        for (const auto& [said, product] : k_texts) {
            if (text.find(said) != std::string_view::npos) {
                return product;
            }
        }
    }
    return {};
}

void name_it(Stack& stack, std::span<const Style> styles, std::span<const Observation> seen) {
    const bool accepts = std::ranges::any_of(seen, [](const Observation& observation) {
        return observation.probe == k_accepts;
    });
    const auto another = [&](const std::string& family) {
        return library_of(family) != library_of(stack.candidates.front());
    };
    if (stack.candidates.empty() || std::ranges::any_of(stack.candidates, another) ||
        !says_enough(seen, accepts)) {
        return;
    }
    const std::string library{library_of(stack.candidates.front())};
    const unsigned margin = margin_over_others(styles, library);
    if (!accepts && margin < 2 * k_word) {
        return;
    }
    // A generation that one answer alone excludes stays among the candidates.
    stack.candidates = families_below(styles, k_two_probes, library);
    stack.name = stack.candidates.size() == 1 ? stack.candidates.front() : library;
    stack.confidence =
        accepts && margin >= k_two_probes ? Confidence::likely : Confidence::possible;
    stack.evidence = exchanges_against(styles, seen, stack.candidates);
}

} // namespace

bool is_named(const Stack& stack) {
    return stack.confidence.has_value();
}

std::string_view library_of(std::string_view family) {
    return family.substr(0, family.find(' '));
}

std::optional<Stack> likely_stack(const evidence::Endpoint& endpoint) {
    const std::vector<Observation> seen = observed(endpoint);
    Stack stack{.product = std::string{product_in_clear(endpoint)}};
    if (seen.empty() && stack.product.empty()) {
        return std::nullopt;
    }
    const std::vector<Style> styles = styles_against(seen);
    stack.candidates = families_below(styles, k_word);
    name_it(stack, styles, seen);
    return stack;
}

} // namespace tlsdoctor::diagnose
