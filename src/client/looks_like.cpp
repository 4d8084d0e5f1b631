// SPDX-License-Identifier: Apache-2.0
// Which known clients a hello is like: the same in everything, of the same class, with the same
// JA4, or else nearest by the lists that a TLS library decides.
#include "client/fingerprint.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "client/plan.hpp"
#include "client/profile.hpp"
#include "client/replay.hpp"

namespace tlsdoctor::client {
namespace {

constexpr std::uint16_t k_any_grease = 0x0a0a;
constexpr double k_near_enough = 0.75;
constexpr double k_as_near = 0.03; ///< below the nearest

/// What a connection has of its own, not its client: resumption, and the cookie of a retry.
bool is_resumption(ExtensionType type) {
    return type == ExtensionType::pre_shared_key || type == ExtensionType{0x002a} ||
           type == ExtensionType::cookie;
}

HelloFields without_resumption(HelloFields fields) {
    std::erase_if(fields.extensions, is_resumption);
    return fields;
}

template <typename T>
void level_grease(std::vector<T>& list) {
    for (T& value : list) {
        value = is_grease(std::to_underlying(value)) ? T{k_any_grease} : value;
    }
}

/// The lists without what varies from one connection of a client to the next.
HelloFields levelled(HelloFields fields, bool permutes) {
    level_grease(fields.versions);
    level_grease(fields.cipher_suites);
    level_grease(fields.extensions);
    level_grease(fields.groups);
    level_grease(fields.key_share_groups);
    level_grease(fields.signature_algorithms);
    std::erase(fields.extensions, ExtensionType::padding);
    std::erase_if(fields.extensions, is_resumption);
    if (permutes) {
        std::ranges::sort(fields.extensions);
    }
    fields.sni.reset();
    fields.size = 0;
    return fields;
}

/// Lists from telemetry lack key shares and session ids, so they prove no more than the class.
bool is_exact(const HelloFields& fields, const Profile& profile) {
    if (profile.fidelity == Fidelity::published_lists || profile.fidelity == Fidelity::documented) {
        return false;
    }
    const bool permutes = profile.permutes_extensions;
    return levelled(fields, permutes) == levelled(hello_of(profile), permutes);
}

/// JA4 with the host name and ALPN out of its counts: `t13 31 10 hash hash`; empty for other texts.
std::string ja4_of_library(std::string_view ja4) {
    constexpr std::size_t begin = 10; // t13d1516h2
    const auto parts = split(ja4, '_');
    if (parts.size() != 3 || parts[0].size() != begin) {
        return {};
    }
    const bool named = parts[0][3] == 'd';
    const bool alpn = parts[0].substr(8) != "00";
    const auto count = number_in(parts[0].substr(6, 2), 99).value_or(0);
    return fmt::format(
        "{} {} {} {} {}", parts[0].substr(0, 3), parts[0].substr(4, 2),
        static_cast<int>(count) - (named ? 1 : 0) - (alpn ? 1 : 0), parts[1], parts[2]
    );
}

template <typename T>
double overlap(const std::vector<T>& one, const std::vector<T>& other) {
    const std::set<T> left(one.begin(), one.end());
    const std::set<T> right(other.begin(), other.end());
    if (left.empty() && right.empty()) {
        return 1;
    }
    const auto common = std::ranges::count_if(left, [&](T value) { return right.contains(value); });
    const double all =
        static_cast<double>(left.size() + right.size()) - static_cast<double>(common);
    return static_cast<double>(common) / all;
}

/// The part of one list's neighbours that are neighbours in the other too: order tells libraries
/// apart that offer the same.
template <typename T>
double same_order(const std::vector<T>& one, const std::vector<T>& other) {
    const auto pairs = [](const std::vector<T>& list) {
        std::vector<std::pair<T, T>> result;
        for (std::size_t i = 1; i < list.size(); ++i) {
            result.emplace_back(list[i - 1], list[i]);
        }
        return result;
    };
    return overlap(pairs(one), pairs(other));
}

/// Between 0 and 1; both are levelled.
double likeness_of(const HelloFields& one, const HelloFields& other) {
    return 0.25 * overlap(one.cipher_suites, other.cipher_suites) +
           0.2 * same_order(one.cipher_suites, other.cipher_suites) +
           0.2 * overlap(one.extensions, other.extensions) +
           0.1 * overlap(one.groups, other.groups) +
           0.2 * overlap(one.signature_algorithms, other.signature_algorithms) +
           0.05 * (one.versions == other.versions ? 1.0 : 0.0);
}

struct Candidate {
    const Profile* profile{};
    Likeness likeness{};
    double score{};
};

std::vector<Candidate> alike(const HelloFields& fields) {
    std::vector<Candidate> found;
    const std::string same_class = hello_class(fields);
    const std::string library = ja4_of_library(ja4(fields));
    for (const Profile& profile : profiles()) {
        if (profile.hello_class == same_class) {
            const bool exact = is_exact(fields, profile);
            found.push_back({&profile, exact ? Likeness::exact : Likeness::same_class, 1});
        } else if (!fields.sslv2 && ja4_of_library(profile.ja4) == library) {
            found.push_back({&profile, Likeness::same_ja4, 1});
        }
    }
    return found;
}

std::vector<Candidate> nearest_to(const HelloFields& fields) {
    std::vector<Candidate> found;
    const HelloFields wanted = levelled(fields, true);
    double best = k_near_enough;
    for (const Profile& profile : profiles()) {
        const auto plan = hello_plan(profile.id);
        if (!plan || plan->fields.sslv2 != fields.sslv2) {
            continue;
        }
        const double score = likeness_of(wanted, levelled(plan->fields, true));
        best = std::max(best, score);
        found.push_back({&profile, Likeness::near, score});
    }
    const double least = std::max(k_near_enough, best - k_as_near);
    std::erase_if(found, [&](const Candidate& one) { return one.score < least; });
    return found;
}

/// Smaller comes first; profiles of the same rank keep the table's order, which is by fame.
auto rank_of(const Candidate& candidate) {
    const bool parrot = candidate.profile->fidelity == Fidelity::parrot;
    return std::tuple(candidate.likeness, -candidate.score, parrot, !candidate.profile->telling);
}

} // namespace

std::string_view name_of(Likeness likeness) {
    switch (likeness) {
    case Likeness::exact:
        return "exact";
    case Likeness::same_class:
        return "same_class";
    case Likeness::same_ja4:
        return "same_ja4";
    case Likeness::near:
        return "near";
    }
    std::unreachable();
}

std::vector<Lookalike> looks_like(const HelloFields& fields, std::size_t most) {
    auto found = alike(fields);
    if (std::ranges::any_of(fields.extensions, is_resumption)) {
        const auto anew = alike(without_resumption(fields)); // some were recorded while resuming
        found.insert(found.end(), anew.begin(), anew.end());
    }
    if (found.empty()) {
        found = nearest_to(without_resumption(fields));
    }
    std::ranges::stable_sort(found, {}, rank_of);
    std::vector<Lookalike> ids;
    for (const Candidate& one : found) {
        if (one.likeness == found.front().likeness && ids.size() < most) {
            ids.push_back({.id = one.profile->id, .likeness = one.likeness});
        }
    }
    return ids;
}

} // namespace tlsdoctor::client
