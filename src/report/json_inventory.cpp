// SPDX-License-Identifier: Apache-2.0
// What an enumeration found, as JSON: the lists of an endpoint, and the rest under `inventory`.
// Without an enumeration the lists are empty and `inventory` is null.
#include <utility>

#include <boost/json/array.hpp>
#include <fmt/core.h>

#include "diagnose/judgement.hpp"
#include "registry/lookup.hpp"
#include "report/inventory_table.hpp"
#include "report/json_parts.hpp"

namespace tlsdoctor::report {

namespace {

using diagnose::Judgement;
using evidence::Inventory;

/// Zero is how a number that does not apply is kept.
json::value number_or_null(std::uint32_t number) {
    return number == 0 ? json::value(nullptr) : json::value(number);
}

template <typename Numbers>
json::array name_list(const Numbers& numbers) {
    json::array list;
    for (const auto number : numbers) {
        list.emplace_back(tlsdoctor::name_of(number));
    }
    return list;
}

void add_judgement(json::object& object, const Judgement& judgement) {
    object["strength"] = tlsdoctor::name_of(judgement.strength);
    object["reason"] = text_unless_empty(judgement.reason);
    object["source"] = text_unless_empty(judgement.source);
}

json::object suite_json(const evidence::AcceptedSuite& suite, ProtocolVersion version) {
    const CipherSuiteInfo* const info = tlsdoctor::find(suite.suite);
    json::object object{
        {"name", tlsdoctor::name_of(suite.suite)},
        {"openssl_name", text_unless_empty(info == nullptr ? "" : info->openssl_name)},
        {"number", fmt::format("0x{:04x}", std::to_underlying(suite.suite))},
        {"bits", info == nullptr ? json::value(nullptr) : json::value(info->bits)},
        {"group", name_or_null(suite.group)},
        {"dh_bits", number_or_null(suite.dh_bits)},
    };
    add_judgement(object, diagnose::judge(suite, version));
    object["evidence"] = suite.exchange;
    return object;
}

json::object version_suites_json(const evidence::VersionSuites& suites) {
    json::array accepted;
    for (const evidence::AcceptedSuite& suite : suites.accepted) {
        accepted.emplace_back(suite_json(suite, suites.version));
    }
    return {
        {"version", tlsdoctor::name_of(suites.version)},
        {"preference", evidence::name_of(suites.preference)},
        {"complete", suites.complete},
        {"accepted", std::move(accepted)},
        {"undecided", name_list(suites.undecided)},
    };
}

json::object group_json(const evidence::AcceptedGroup& group) {
    const NamedGroupInfo* const info = tlsdoctor::find(group.group);
    json::object object{
        {"name", tlsdoctor::name_of(group.group)},
        {"number", fmt::format("0x{:04x}", std::to_underlying(group.group))},
        {"kind", tlsdoctor::name_of(info == nullptr ? GroupKind::other : info->kind)},
    };
    add_judgement(object, diagnose::judge(group.group));
    object["evidence"] = group.exchange;
    return object;
}

json::object version_groups_json(const evidence::VersionGroups& groups) {
    json::array accepted;
    for (const evidence::AcceptedGroup& group : groups.accepted) {
        accepted.emplace_back(group_json(group));
    }
    return {
        {"version", tlsdoctor::name_of(groups.version)},
        {"preference", evidence::name_of(groups.preference)},
        {"accepted", std::move(accepted)},
        {"undecided", name_list(groups.undecided)},
    };
}

json::object version_schemes_json(const evidence::VersionSchemes& schemes) {
    return {
        {"version", tlsdoctor::name_of(schemes.version)},
        {"accepted", name_list(schemes.accepted)},
        {"undecided", name_list(schemes.undecided)},
    };
}

json::object seen_certificate_json(const evidence::SeenCertificate& seen) {
    json::object object = certificate_json(seen.leaf);
    object["key"] = text_json(seen.key);
    add_judgement(object, diagnose::judge(seen.leaf));
    object["evidence"] = seen.exchange;
    return object;
}

json::object dh_json(const evidence::DhParameters& parameters) {
    json::object object{
        {"bits", parameters.bits},
        {"prime", text_unless_empty(parameters.prime)},
    };
    add_judgement(object, diagnose::judge(parameters));
    object["evidence"] = parameters.exchange;
    return object;
}

json::object feature_json(const evidence::Feature& feature) {
    json::object object{
        {"name", feature.name}, {"state", evidence::name_of(feature.state)},
        {"strength", nullptr},  {"reason", nullptr},
        {"source", nullptr},
    };
    if (const auto judgement = diagnose::judge(feature)) {
        add_judgement(object, *judgement);
    }
    object["evidence"] = text_unless_empty(feature.exchange);
    return object;
}

json::array ssl2_kinds_json(const std::vector<std::uint32_t>& kinds) {
    json::array list;
    for (const std::uint32_t kind : kinds) {
        list.emplace_back(ssl2_kind_name(kind));
    }
    return list;
}

/// One object for each element, made by `make`.
template <typename List, typename Make>
json::array objects_of(const List& list, Make make) {
    json::array objects;
    for (const auto& element : list) {
        objects.emplace_back(make(element));
    }
    return objects;
}

json::object rest_json(const Inventory& inventory) {
    return {
        {"ssl2_cipher_kinds", ssl2_kinds_json(inventory.ssl2_cipher_kinds)},
        {"certificates", objects_of(inventory.certificates, seen_certificate_json)},
        {"dh_parameters", objects_of(inventory.dh_parameters, dh_json)},
        {"alpn", inventory.alpn_asked ? json::value(texts_json(inventory.alpn)) : nullptr},
        {"features", objects_of(inventory.features, feature_json)},
    };
}

} // namespace

std::string ssl2_kind_name(std::uint32_t kind) {
    for (const Ssl2CipherKind& row : ssl2_cipher_kinds()) {
        if (row.id == kind) {
            return std::string{row.name};
        }
    }
    return fmt::format("0x{:06x}", kind);
}

void add_inventory(json::object& endpoint, const std::optional<Inventory>& found) {
    const Inventory nothing;
    const Inventory& inventory = found ? *found : nothing;
    endpoint["cipher_suites"] = objects_of(inventory.suites, version_suites_json);
    endpoint["groups"] = objects_of(inventory.groups, version_groups_json);
    endpoint["signature_algorithms"] =
        objects_of(inventory.signature_schemes, version_schemes_json);
    endpoint["inventory"] = found ? json::value(rest_json(inventory)) : json::value(nullptr);
}

} // namespace tlsdoctor::report
