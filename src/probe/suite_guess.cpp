// SPDX-License-Identifier: Apache-2.0
// Every row of the table, with each kind of key, with and without parameters for DHE, in either
// order: which of these would have answered as the server did?
#include "probe/suite_guess.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

namespace tlsdoctor::probe {

namespace {

using evidence::Says;
using evidence::SuiteAnswers;
using evidence::SuiteHello;

/// A row of data/suite_sets.tsv.
struct SuiteSetRow {
    std::string_view name{};
    std::uint16_t weight{};
    std::string_view order{};
    std::string_view suites{};
};

constexpr SuiteSetRow k_suite_sets[] = {
#include "suite_sets.inc"
};

/// One answer that a belief does not explain makes it so much less likely.
constexpr double k_surprise = 0.03;

/// A belief with so many more mistakes than the best one is given up.
constexpr std::size_t k_most_mistakes_more = 3;

/// One suite more than in the row, and one that is missing, in several versions.
constexpr std::size_t k_few_mistakes = 4;

/// Less likely than this in comparison with the likeliest: not worth keeping.
constexpr double k_negligible = 1e-3;

/// How likely a relative of a surprising suite is.
constexpr double k_of_a_relative = 0.5;

std::size_t row_of(CipherSuite suite) {
    const CipherSuiteInfo* const info = find(suite);
    return info == nullptr ? cipher_suites().size()
                           : static_cast<std::size_t>(info - cipher_suites().data());
}

std::vector<CipherSuite> numbers_in(std::string_view text) {
    std::vector<CipherSuite> suites;
    for (std::size_t at = 0; at + 4 <= text.size(); at += 5) {
        std::uint16_t number{};
        std::from_chars(text.data() + at, text.data() + at + 4, number, 16);
        suites.push_back(CipherSuite{number});
    }
    return suites;
}

/// Sides of a belief that are as likely for every row.
struct CertificateKeys {
    bool rsa;
    bool ecdsa;
    double weight;
};
constexpr CertificateKeys k_keys[] = {{true, false, 0.5}, {false, true, 0.25}, {true, true, 0.25}};
constexpr double k_with_dhe = 0.25;
constexpr double k_as_usual = 0.75; ///< of the order of a row

/// A row of the table, read.
struct SuiteSet {
    std::vector<CipherSuite> suites{};
    std::vector<std::uint16_t> rows{}; ///< of the registry, in the same order
};

/// A hello and its answer, ready to be compared.
struct Heard {
    std::size_t version{};             ///< its place in k_versions
    std::vector<std::uint16_t> rows{}; ///< offered, in the order of the offer
    SuiteRows offered{};
    std::optional<std::uint16_t> chosen{};
};

SuiteSet set_of(const SuiteSetRow& row) {
    SuiteSet set{.suites = numbers_in(row.suites)};
    for (const CipherSuite suite : set.suites) {
        set.rows.push_back(static_cast<std::uint16_t>(row_of(suite)));
    }
    return set;
}

std::size_t place_of(ProtocolVersion version) {
    return static_cast<std::size_t>(std::ranges::find(k_versions, version) - k_versions.begin());
}

std::vector<Heard> heard_in(std::span<const SuiteAnswers> seen) {
    std::vector<Heard> all;
    for (const SuiteAnswers& answers : seen) {
        for (const SuiteHello& hello : answers.hellos) {
            if (hello.says != Says::chosen && hello.says != Says::none) {
                continue;
            }
            Heard heard{.version = place_of(answers.version)};
            for (const CipherSuite suite : hello.exchange->offer.cipher_suites) {
                const std::size_t row = row_of(suite);
                if (row < cipher_suites().size()) {
                    heard.rows.push_back(static_cast<std::uint16_t>(row));
                    heard.offered.set(row);
                }
            }
            if (hello.suite) {
                heard.chosen = static_cast<std::uint16_t>(row_of(*hello.suite));
            }
            all.push_back(std::move(heard));
        }
    }
    return all;
}

bool can_use(
    const CertificateKeys& keys, bool dhe, const CipherSuiteInfo& info, ProtocolVersion version
) {
    if (version < info.first_version || info.last_version < version ||
        (info.key_exchange == KeyExchange::dhe && !dhe)) {
        return false;
    }
    switch (info.authentication) {
    case Authentication::rsa:
        return keys.rsa;
    case Authentication::ecdsa:
        return keys.ecdsa;
    case Authentication::tls13:
    case Authentication::anonymous:
        return true;
    default:
        return false;
    }
}

/// Who leaves old versions on leaves everything on, oftener than others.
double weight_of(const SuiteSetRow& row, const SuiteSet& set, std::span<const SuiteAnswers> seen) {
    const bool old = std::ranges::any_of(seen, [](const SuiteAnswers& answers) {
        return answers.version < ProtocolVersion::tls_1_2;
    });
    const bool tolerant = std::ranges::any_of(set.rows, [](std::uint16_t at) {
        return cipher_suites()[at].authentication == Authentication::anonymous;
    });
    return static_cast<double>(row.weight) * (old && tolerant ? 3 : 1);
}

/// Fills in what is accepted in each version.
void fill_in(const SuiteSet& set, const CertificateKeys& keys, bool dhe, SuiteBelief& belief) {
    for (std::size_t at = 0; at < k_versions.size(); ++at) {
        for (const std::uint16_t row : set.rows) {
            belief.accepted[at].set(row, can_use(keys, dhe, cipher_suites()[row], k_versions[at]));
        }
    }
}

/// Returns what such a server chooses.
std::optional<std::uint16_t>
choice_by(const SuiteBelief& belief, const SuiteSet& set, const Heard& heard) {
    const SuiteRows common = belief.accepted[heard.version] & heard.offered;
    if (common.none()) {
        return std::nullopt;
    }
    const auto& list = belief.server_order ? set.rows : heard.rows;
    return *std::ranges::find_if(list, [&](std::uint16_t row) { return common.test(row); });
}

} // namespace

SuiteGuess::SuiteGuess(std::span<const SuiteAnswers> seen) {
    weigh(seen);
    normalise();
    sum_up();
    note_relatives(seen);
}

void SuiteGuess::weigh(std::span<const SuiteAnswers> seen) {
    const std::vector<Heard> heard = heard_in(seen);
    std::size_t fewest = heard.size();
    beliefs_.reserve(std::size(k_suite_sets) * std::size(k_keys) * 4);
    const auto judge = [&](const SuiteSet& set, SuiteBelief& belief) {
        for (const Heard& one : heard) {
            if (choice_by(belief, set, one) != one.chosen) {
                if (++belief.mistakes > fewest + k_most_mistakes_more) {
                    return;
                }
            }
        }
        fewest = std::min(fewest, belief.mistakes);
        beliefs_.push_back(belief);
    };
    for (std::size_t at = 0; at < std::size(k_suite_sets); ++at) {
        const SuiteSet set = set_of(k_suite_sets[at]);
        lists_.push_back(set.suites);
        const bool usual_order = k_suite_sets[at].order == "server";
        const double weight = weight_of(k_suite_sets[at], set, seen);
        for (const CertificateKeys& keys : k_keys) {
            for (const double dhe : {1 - k_with_dhe, k_with_dhe}) {
                SuiteBelief belief{.set = at};
                fill_in(set, keys, dhe == k_with_dhe, belief);
                for (const bool order : {false, true}) {
                    belief.server_order = order;
                    belief.mistakes = 0;
                    belief.weight = weight * keys.weight * dhe *
                                    (order == usual_order ? k_as_usual : 1 - k_as_usual);
                    judge(set, belief);
                }
            }
        }
    }
}

void SuiteGuess::normalise() {
    const std::size_t fewest =
        std::ranges::min_element(beliefs_, {}, &SuiteBelief::mistakes)->mistakes;
    for (SuiteBelief& belief : beliefs_) {
        belief.weight *= std::pow(k_surprise, static_cast<double>(belief.mistakes - fewest));
    }
    std::ranges::stable_sort(beliefs_, std::ranges::greater{}, &SuiteBelief::weight);
    const double least = beliefs_.front().weight * k_negligible;
    std::erase_if(beliefs_, [=](const SuiteBelief& belief) { return belief.weight < least; });
    double sum = 0;
    for (const SuiteBelief& belief : beliefs_) {
        sum += belief.weight;
    }
    for (SuiteBelief& belief : beliefs_) {
        belief.weight /= sum;
    }
}

/// How likely each suite is, over all beliefs.
void SuiteGuess::sum_up() {
    for (std::size_t place = 0; place < k_versions.size(); ++place) {
        likelihoods_[place].resize(cipher_suites().size() + 1);
    }
    for (const SuiteBelief& belief : beliefs_) {
        for (const CipherSuite suite : lists_[belief.set]) {
            const std::size_t row = row_of(suite);
            for (std::size_t place = 0; place < k_versions.size(); ++place) {
                likelihoods_[place][row] += belief.accepted[place].test(row) ? belief.weight : 0;
            }
        }
    }
}

/// What the likeliest row does not have and the server accepts.
void SuiteGuess::note_relatives(std::span<const SuiteAnswers> seen) {
    for (const SuiteAnswers& answers : seen) {
        for (const CipherSuite suite : answers.accepted()) {
            if (!beliefs_.front().accepted[place_of(answers.version)].test(row_of(suite))) {
                relatives_.push_back(kind_of(suite));
                ++surprises_[place_of(answers.version)];
            }
        }
    }
}

double SuiteGuess::likelihood(ProtocolVersion version, CipherSuite suite) const {
    const double sum = likelihoods_[place_of(version)][row_of(suite)];
    const bool related = sum < k_of_a_relative && !relatives_.empty() &&
                         std::ranges::find(relatives_, kind_of(suite)) != relatives_.end();
    return related ? k_of_a_relative : sum;
}

std::vector<CipherSuite> SuiteGuess::order(std::span<const CipherSuite> wanted) const {
    std::vector<CipherSuite> best;
    std::vector<bool> looked_at(lists_.size());
    std::size_t most = 0;
    for (const SuiteBelief& belief : beliefs_) {
        if (looked_at[belief.set]) {
            continue;
        }
        looked_at[belief.set] = true;
        const std::vector<CipherSuite>& suites = lists_[belief.set];
        const auto held = static_cast<std::size_t>(std::ranges::count_if(wanted, [&](auto suite) {
            return std::ranges::find(suites, suite) != suites.end();
        }));
        if (best.empty() || held > most || (held == most && suites.size() > best.size())) {
            most = held;
            best = suites;
        }
    }
    return best;
}

bool SuiteGuess::is_right_so_far() const {
    return beliefs_.front().mistakes == 0;
}

bool SuiteGuess::is_nearly_right() const {
    return beliefs_.front().mistakes <= k_few_mistakes;
}

double SuiteGuess::server_order() const {
    double sum = 0;
    for (const SuiteBelief& belief : beliefs_) {
        sum += belief.server_order ? belief.weight : 0;
    }
    return sum;
}

std::size_t SuiteGuess::surprises(ProtocolVersion version) const {
    return surprises_[place_of(version)];
}

std::uint16_t kind_of(CipherSuite suite) {
    const CipherSuiteInfo* const info = find(suite);
    if (info == nullptr) {
        return 0;
    }
    std::uint16_t kind = 0;
    for (const char c : info->encryption.substr(0, info->encryption.find('_'))) {
        kind = static_cast<std::uint16_t>(kind * 31U + static_cast<unsigned char>(c));
    }
    return static_cast<std::uint16_t>(
        kind * 31U + std::to_underlying(info->key_exchange) * 16U +
        std::to_underlying(info->authentication)
    );
}

} // namespace tlsdoctor::probe
