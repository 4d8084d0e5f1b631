// SPDX-License-Identifier: Apache-2.0
// The table of known clients, and what a set of accepted versions means for each of them.
#include "client/profile.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::client {

namespace {

using evidence::ClientOutcome;
using evidence::ClientResult;

constexpr Profile k_profiles[] = {
#include "clients.inc"
};

constexpr std::size_t k_most_similar = 5;

/// The part of an id after its origin: `java-8u161` of `ts-java-8u161`.
std::string_view without_origin(std::string_view id) {
    const std::size_t dash = id.find('-');
    return dash == std::string_view::npos ? id : id.substr(dash + 1);
}

std::optional<ClientOutcome>
outcome_of(const Profile& profile, std::span<const ProtocolVersion> accepted) {
    ClientOutcome outcome{
        .id = std::string{profile.id},
        .name = std::string{profile.name},
        .outcome = ClientResult::fails,
        .telling = profile.telling,
    };
    for (const ProtocolVersion version : accepted) {
        const bool sure = profile.lowest != ProtocolVersion::none || version == profile.highest;
        if (sure && version >= profile.lowest && version <= profile.highest) {
            outcome.outcome = ClientResult::connects;
            outcome.version = version;
        }
    }
    if (outcome.outcome == ClientResult::connects) {
        outcome.reason = fmt::format("both speak {}", name_of(*outcome.version));
        return outcome;
    }
    if (profile.highest < accepted.front()) {
        outcome.reason = fmt::format(
            "it speaks at most {}, the server at least {}", name_of(profile.highest),
            name_of(accepted.front())
        );
        return outcome;
    }
    if (profile.lowest == ProtocolVersion::none) {
        return std::nullopt; // it may go down to what the server speaks; nobody recorded whether
    }
    const bool gap = profile.lowest < accepted.back(); // older and newer ones, none between
    outcome.reason = gap ? fmt::format(
                               "it speaks {} to {}, and the server accepts none of these",
                               name_of(profile.lowest), name_of(profile.highest)
                           )
                         : fmt::format(
                               "it demands at least {}, the server speaks at most {}",
                               name_of(profile.lowest), name_of(accepted.back())
                           );
    return outcome;
}

} // namespace

std::string_view name_of(Fidelity fidelity) {
    switch (fidelity) {
    case Fidelity::captured:
        return "captured";
    case Fidelity::published_bytes:
        return "published_bytes";
    case Fidelity::published_lists:
        return "published_lists";
    case Fidelity::parrot:
        return "parrot";
    case Fidelity::documented:
        return "documented";
    }
    std::unreachable();
}

std::span<const Profile> profiles() {
    return k_profiles;
}

const Profile* find_profile(std::string_view id) {
    const auto* const exact = std::ranges::find(k_profiles, id, &Profile::id);
    if (exact != std::end(k_profiles)) {
        return exact;
    }
    const auto is_named = [&](const Profile& profile) {
        return without_origin(profile.id) == id;
    };
    const auto* const named = std::ranges::find_if(k_profiles, is_named);
    if (named != std::end(k_profiles)) {
        return named;
    }
    const auto begins = [&](const Profile& profile) {
        return without_origin(profile.id).starts_with(id);
    };
    const auto* const first = std::ranges::find_if(k_profiles, begins);
    const bool unique = !id.empty() && std::ranges::count_if(k_profiles, begins) == 1;
    return unique ? first : nullptr;
}

std::vector<std::string_view> similar_ids(std::string_view word) {
    std::vector<std::string_view> similar;
    const auto add_where = [&](auto fits) {
        for (const Profile& profile : k_profiles) {
            const bool there = std::ranges::find(similar, profile.id) != similar.end();
            if (similar.size() < k_most_similar && !there && fits(profile)) {
                similar.push_back(profile.id);
            }
        }
    };
    const std::string wanted = lower(word);
    add_where([&](const Profile& profile) { return without_origin(profile.id).starts_with(wanted); }
    );
    add_where([&](const Profile& profile) {
        return profile.id.find(wanted) != std::string_view::npos;
    });
    std::vector<std::string_view> names;
    std::ranges::transform(k_profiles, std::back_inserter(names), [](const Profile& profile) {
        return without_origin(profile.id);
    });
    if (const auto close = nearest(wanted, names)) {
        add_where([&](const Profile& profile) { return without_origin(profile.id) == *close; });
    }
    return similar;
}

std::vector<ClientOutcome> outcomes(std::span<const ProtocolVersion> accepted) {
    std::vector<ClientOutcome> all;
    if (accepted.empty()) {
        return all;
    }
    for (const Profile& profile : k_profiles) {
        if (auto outcome = outcome_of(profile, accepted)) {
            all.push_back(*std::move(outcome));
        }
    }
    return all;
}

} // namespace tlsdoctor::client
