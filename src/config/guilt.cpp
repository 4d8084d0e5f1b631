// SPDX-License-Identifier: Apache-2.0
// Obstacles to aspects, as a table; see the header.
#include "config/guilt.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>
#include <string_view>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

/// A set of aspects; the first of several sets that has an effective line is blamed.
using Aspects = std::uint16_t;

constexpr Aspects bits(std::initializer_list<Aspect> aspects) {
    Aspects set = 0;
    for (const Aspect aspect : aspects) {
        set = static_cast<Aspects>(set | (1U << std::to_underlying(aspect)));
    }
    return set;
}

constexpr Aspects k_any = 0xffff;
constexpr Aspects k_versions_bit = bits({Aspect::versions});
constexpr Aspects k_opening = bits({Aspect::tls, Aspect::listen});
constexpr Aspects k_level = bits({Aspect::security_level, Aspect::ciphers});
constexpr Aspects k_of_tls = bits(
    {Aspect::tls, Aspect::versions, Aspect::ciphers, Aspect::ciphersuites, Aspect::groups,
     Aspect::certificate}
);

/// What explains a version that is not accepted.
struct ObstacleRow {
    Obstacle obstacle{};
    std::array<Aspects, 3> blamed{};
};
constexpr ObstacleRow k_obstacles[] = {
    {Obstacle::not_enabled, {k_versions_bit, k_opening, k_any}},
    {Obstacle::system_policy, {k_versions_bit, 0, 0}},
    {Obstacle::security_level, {k_level, 0, 0}},
    {Obstacle::no_suite, {bits({Aspect::ciphers, Aspect::ciphersuites}), k_opening, k_any}},
    {Obstacle::key_mismatch, {bits({Aspect::ciphers}), bits({Aspect::certificate}), k_any}},
    {Obstacle::no_dh_parameters, {bits({Aspect::ciphers, Aspect::dh}), k_any, 0}},
    {Obstacle::no_group, {bits({Aspect::groups}), k_opening, k_any}},
};

/// What explains a door that is not TLS.
struct DoorRow {
    Door door{};
    std::array<Aspects, 3> blamed{};
};
constexpr DoorRow k_doors[] = {
    {Door::plain, {bits({Aspect::tls}), bits({Aspect::listen}), k_any}},
    {Door::starttls_not_offered, {bits({Aspect::tls}), bits({Aspect::listen}), k_any}},
    {Door::not_listening, {bits({Aspect::tls}), bits({Aspect::listen}), k_any}},
    {Door::name_refused, {bits({Aspect::name}), k_opening, k_any}},
    {Door::no_certificate, {bits({Aspect::certificate}), bits({Aspect::name}), k_any}},
    {Door::closes, {k_versions_bit, k_opening, k_any}},
};

/// Ports where clear text is a mistake.
constexpr std::string_view k_ports_of_tls[] = {":443", ":8443", ":465", ":563", ":636",
                                               ":853", ":990",  ":993", ":995", ":5671"};
/// Ports where clear text is usual: settings that are inherited say nothing there.
constexpr std::string_view k_ports_of_clear_text[] = {":80", ":8080"};
constexpr Aspects k_certificate_bit = bits({Aspect::certificate});

bool is_of(Aspect aspect, Aspects set) {
    return (set & bits({aspect})) != 0;
}

/// Blames every deciding line of the first set that has one. `only` says which lines count.
template <typename Only>
void blame(Effective& effective, std::span<const Aspects> sets, const Only& only) {
    for (const Aspects set : sets) {
        bool found = false;
        for (Line& line : effective.lines) {
            if (line.role != Role::inert && is_of(line.aspect, set) && only(line)) {
                line.role = Role::guilty;
                found = true;
            }
        }
        if (found) {
            return;
        }
    }
}

bool every_line(const Line&) {
    return true;
}

void blame_for_door(const Service& service, Effective& effective) {
    if (service.door == Door::plain && !meant_for_tls(service, effective)) {
        return;
    }
    const auto* const row = std::ranges::find(k_doors, service.door, &DoorRow::door);
    if (row != std::end(k_doors)) {
        blame(effective, row->blamed, every_line);
    }
}

/// The line is not the server's own: it stands in a file of the library beneath.
bool is_beneath(const Service& service, const Line& line) {
    return std::ranges::none_of(service.lines, [&](const Line& own) {
        return own.statement == line.statement;
    });
}

void blame_for_obstacle(const Service& service, Effective& effective, const VersionState& state) {
    const auto* const row = std::ranges::find(k_obstacles, state.obstacle, &ObstacleRow::obstacle);
    if (row == std::end(k_obstacles)) {
        return;
    }
    // The suites of one version are not to blame for the other.
    const Aspect foreign =
        state.version == ProtocolVersion::tls_1_3 ? Aspect::ciphers : Aspect::ciphersuites;
    const bool by_suite = state.obstacle == Obstacle::no_suite;
    const bool beneath = state.obstacle == Obstacle::system_policy;
    blame(effective, row->blamed, [&](const Line& line) {
        return (!by_suite || line.aspect != foreign) && (!beneath || is_beneath(service, line));
    });
}

/// A list of suites says something about old versions where it turns the security level off.
bool lets_old_versions_in(const Sources& sources, const Line& line) {
    if (line.aspect != Aspect::ciphers) {
        return true;
    }
    return lower(sources.text(line.statement)).contains("seclevel=0");
}

void blame_for_old_versions(const Sources& sources, Effective& effective) {
    constexpr std::array k_sets = {bits({Aspect::versions, Aspect::security_level, Aspect::ciphers})
    };
    blame(effective, k_sets, [&](const Line& line) { return lets_old_versions_in(sources, line); });
}

bool is_old(ProtocolVersion version) {
    return version < ProtocolVersion::tls_1_2;
}

void judge_lines(const Reading& reading, const Service& service, Effective& effective) {
    if (service.door != Door::tls) {
        blame_for_door(service, effective);
        return;
    }
    bool old = false;
    for (const VersionState& state : effective.versions) {
        old = old || (state.accepted && is_old(state.version));
        if (!state.accepted && !is_old(state.version)) {
            blame_for_obstacle(service, effective, state);
        }
    }
    if (old) {
        blame_for_old_versions(reading.sources, effective);
    }
}

bool overlaps(Place a, Place b) {
    return a.file == b.file && a.begin < b.end && b.begin < a.end;
}

/// With these lines the server does not start.
void blame_fatal(const Reading& reading, Effective& effective) {
    for (Line& line : effective.lines) {
        const bool fatal = std::ranges::any_of(reading.fatal, [&](const Remark& remark) {
            return overlaps(remark.place, line.statement);
        });
        if (fatal) {
            line.role = Role::guilty;
        }
    }
}

} // namespace

bool meant_for_tls(const Service& service, const Effective& effective) {
    const auto listens_on = [&](std::string_view port) {
        return service.address.ends_with(port);
    };
    const bool usually_clear = std::ranges::any_of(k_ports_of_clear_text, listens_on);
    const Aspects telling = usually_clear ? k_certificate_bit : k_of_tls;
    const bool has_words = std::ranges::any_of(effective.lines, [&](const Line& line) {
        return is_of(line.aspect, telling);
    });
    return has_words || service.starttls || !service.certificates.empty() ||
           std::ranges::any_of(k_ports_of_tls, listens_on);
}

void mark_guilty(const Reading& reading, std::vector<Effective>& effective) {
    for (std::size_t i = 0; i < reading.services.size() && i < effective.size(); ++i) {
        if (reading.fatal.empty()) {
            judge_lines(reading, reading.services[i], effective[i]);
        } else {
            blame_fatal(reading, effective[i]);
        }
    }
}

} // namespace tlsdoctor::config
