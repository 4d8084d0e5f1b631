// SPDX-License-Identifier: Apache-2.0
// A policy from a file: one configuration as Mozilla's guidelines have it
// (docs/manual/policy.md), or a whole guideline with one configuration in it. A member that is not
// known is a mistake: what is misspelt must not be taken for kept.
#include <algorithm>
#include <limits>

#include <fmt/core.h>

#include "base/text.hpp"
#include "cli/policy_option.hpp"
#include "evidence/json_fields.hpp"

namespace tlsdoctor::cli {

namespace {

struct ListMember {
    std::string_view name{};
    PolicyWords::List PolicyWords::* list{};
};

constexpr ListMember k_list_members[] = {
    {"tls_versions", &PolicyWords::tls_versions},
    {"ciphers", &PolicyWords::ciphers},
    {"ciphersuites", &PolicyWords::ciphersuites},
    {"tls_curves", &PolicyWords::tls_curves},
    {"signature_algorithms", &PolicyWords::signature_algorithms},
    {"certificate_types", &PolicyWords::certificate_types},
    {"certificate_curves", &PolicyWords::certificate_curves},
    {"certificate_signatures", &PolicyWords::certificate_signatures},
};

struct NumberMember {
    std::string_view name{};
    std::optional<std::uint32_t> PolicyWords::* number{};
};

constexpr NumberMember k_number_members[] = {
    {"rsa_key_size", &PolicyWords::rsa_key_size},
    {"dh_param_size", &PolicyWords::dh_param_size},
    {"ecdh_param_size", &PolicyWords::ecdh_param_size},
    {"maximum_certificate_lifespan", &PolicyWords::maximum_certificate_lifespan},
};

/// What no handshake of the enumeration shows; said, so that nobody takes it for kept.
constexpr std::string_view k_not_judged[] = {"hsts_min_age", "ocsp_staple"};

/// Advice, not demands.
constexpr std::string_view k_advice[] = {
    "oldest_clients", "recommended_certificate_lifespan", "href", "version", "description",
};

template <typename Names>
bool is_among(const Names& names, std::string_view name) {
    return std::ranges::find(names, name) != std::end(names);
}

/// Reads the members of one configuration; the first error sticks.
class FileReader {
public:
    std::string read(const json::object& members) {
        for (const auto& [key, value] : members) {
            read_member(key, value);
        }
        return error_;
    }

    PolicyWords take() { return std::move(words_); }

private:
    void refuse(std::string_view member, std::string_view why) {
        if (error_.empty()) {
            error_ = fmt::format("{}: {}", harmless(member), why);
        }
    }

    void read_member(std::string_view name, const json::value& value) {
        const auto* const list = std::ranges::find(k_list_members, name, &ListMember::name);
        const auto* const number = std::ranges::find(k_number_members, name, &NumberMember::name);
        if (is_among(k_advice, name)) {
            return;
        }
        if (value.is_null()) {
            return; // as in Mozilla's: nothing is said
        }
        if (is_among(k_not_judged, name)) {
            words_.not_judged.emplace_back(name);
        } else if (list != std::end(k_list_members)) {
            read_list(name, value, words_.*(list->list));
        } else if (number != std::end(k_number_members)) {
            read_number(name, value, words_.*(number->number));
        } else if (name == "server_preferred_order") {
            read_order(name, value);
        } else if (name == "name") {
            read_name(name, value);
        } else {
            refuse(name, "no member of a policy is called so");
        }
    }

    void read_list(std::string_view name, const json::value& value, PolicyWords::List& into) {
        if (!into) {
            into.emplace();
        }
        if (const json::object* const by_spelling = value.if_object();
            by_spelling && name == "ciphers") {
            // Mozilla's has the same list in several spellings; those of Caddy and Go are subsets.
            for (const std::string_view spelling : {"iana", "openssl"}) {
                if (const json::value* const names = by_spelling->if_contains(spelling)) {
                    read_list(fmt::format("ciphers.{}", spelling), *names, into);
                }
            }
            return;
        }
        const json::array* const array = value.if_array();
        if (array == nullptr) {
            return refuse(name, "an array of names is wanted");
        }
        for (const json::value& element : *array) {
            if (const json::string* const text = element.if_string()) {
                into->emplace_back(text->data(), text->size());
            } else {
                refuse(name, "an array of names is wanted");
            }
        }
    }

    void read_number(
        std::string_view name, const json::value& value, std::optional<std::uint32_t>& into
    ) {
        constexpr std::int64_t k_most = 100'000;
        const std::int64_t* const number = value.if_int64();
        if (number == nullptr || *number < 1 || *number > k_most) {
            return refuse(name, fmt::format("a whole number of 1 to {} is wanted", k_most));
        }
        into = static_cast<std::uint32_t>(*number);
    }

    void read_order(std::string_view name, const json::value& value) {
        const bool* const flag = value.if_bool();
        if (flag == nullptr) {
            return refuse(name, "true or false is wanted");
        }
        words_.server_preferred_order = *flag;
    }

    void read_name(std::string_view name, const json::value& value) {
        const json::string* const text = value.if_string();
        if (text == nullptr || text->empty()) {
            return refuse(name, "a text is wanted");
        }
        words_.name = harmless(std::string_view{text->data(), text->size()});
    }

    PolicyWords words_{};
    std::string error_{};
};

UsageError wrong_in(const std::string& file, std::string_view why) {
    return {
        .what = fmt::format("--policy: {}: {}", harmless(file), why),
        .hint =
            "its members are those of Mozilla's guidelines: tls_versions, ciphers, ciphersuites ..."
    };
}

/// `byte 120` of a text as its line.
std::size_t line_of_byte(std::string_view text, std::string_view where) {
    const auto byte = number_in(where.substr(where.find(' ') + 1), std::numeric_limits<int>::max());
    const std::string_view before =
        text.substr(0, std::min<std::size_t>(byte.value_or(0), text.size()));
    return static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
}

/// The one configuration of a whole guideline, or the object itself; null where it is neither.
const json::object* configuration_in(const json::object& document) {
    const json::value* const all = document.if_contains("configurations");
    if (all == nullptr) {
        return &document;
    }
    const json::object* const named = all->if_object();
    return named != nullptr && named->size() == 1 ? named->begin()->value().if_object() : nullptr;
}

} // namespace

std::expected<PolicyWords, UsageError>
policy_words_in(std::string_view text, const std::string& file) {
    const auto document = evidence::parsed(text);
    if (!document) {
        const std::size_t line = line_of_byte(text, document.error().where);
        return std::unexpected{
            wrong_in(fmt::format("{}:{}", file, line), "no JSON: " + document.error().what)
        };
    }
    const json::object* const object = document->if_object();
    if (object == nullptr) {
        return std::unexpected{wrong_in(fmt::format("{}:1", file), "an object is wanted")};
    }
    const json::object* const configuration = configuration_in(*object);
    if (configuration == nullptr) {
        return std::unexpected{
            wrong_in(file, "configurations: one is wanted, as an object; take the others out")
        };
    }
    FileReader reader;
    if (const std::string error = reader.read(*configuration); !error.empty()) {
        return std::unexpected{wrong_in(file, error)};
    }
    PolicyWords words = reader.take();
    words.source = harmless(file);
    words.name = words.name.empty() ? words.source : words.name;
    return words;
}

} // namespace tlsdoctor::cli
