// SPDX-License-Identifier: Apache-2.0
// Searches the tables from their beginning: names come from people, a few at a time.
#include "registry/lookup.hpp"

#include "base/text.hpp"

namespace tlsdoctor {

namespace {

/// Names of groups that are not the registry's.
struct GroupAlias {
    std::string_view alias;
    std::string_view name;
};

constexpr GroupAlias k_group_aliases[] = {
    {"prime192v1", "secp192r1"}, {"prime256v1", "secp256r1"}, {"p-192", "secp192r1"},
    {"p-224", "secp224r1"},      {"p-256", "secp256r1"},      {"p-384", "secp384r1"},
    {"p-521", "secp521r1"},
};

} // namespace

std::optional<CipherSuite> suite_named(std::string_view text) {
    for (const CipherSuiteInfo& row : cipher_suites()) {
        if (!text.empty() &&
            (same_ignoring_case(row.name, text) || same_ignoring_case(row.openssl_name, text))) {
            return row.id;
        }
    }
    return std::nullopt;
}

std::optional<NamedGroup> group_named(std::string_view text) {
    std::string_view name = text;
    for (const GroupAlias& alias : k_group_aliases) {
        name = same_ignoring_case(text, alias.alias) ? alias.name : name;
    }
    for (const NamedGroupInfo& row : named_groups()) {
        if (same_ignoring_case(row.name, name)) {
            return row.id;
        }
    }
    return std::nullopt;
}

std::optional<SignatureScheme> scheme_named(std::string_view text) {
    for (const SignatureSchemeInfo& row : signature_schemes()) {
        if (same_ignoring_case(row.name, text)) {
            return row.id;
        }
    }
    return std::nullopt;
}

std::string_view name_of(Strength strength) {
    return strength == Strength::broken ? "broken" : strength == Strength::weak ? "weak" : "fine";
}

std::string_view name_of(GroupKind kind) {
    switch (kind) {
    case GroupKind::elliptic_curve:
        return "elliptic_curve";
    case GroupKind::finite_field:
        return "finite_field";
    case GroupKind::post_quantum:
        return "post_quantum";
    case GroupKind::hybrid:
        return "hybrid";
    case GroupKind::other:
        break;
    }
    return "other";
}

} // namespace tlsdoctor
