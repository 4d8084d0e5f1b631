// SPDX-License-Identifier: Apache-2.0
// The lines below the suites. What is not fine is marked, and its reason follows once.
#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "diagnose/judgement.hpp"
#include "registry/lookup.hpp"
#include "report/inventory_table.hpp"
#include "report/layout.hpp"

namespace tlsdoctor::report {

namespace {

using diagnose::Judgement;
using evidence::Acceptance;
using evidence::Inventory;
using evidence::Preference;

constexpr std::size_t k_rest_hang = 12;

Head rest_head(std::string_view word) {
    return {.indent = 2, .word = word, .hang = k_rest_hang, .paint = Paint::heading};
}

/// Names with a mark where one is not fine, and the reasons for the marks.
class Marked {
public:
    void add(std::string name, const Judgement& judgement) {
        names_ += (names_.empty() ? "" : ", ") + std::move(name);
        if (judgement.strength == Strength::fine) {
            return;
        }
        const std::string_view word = tlsdoctor::name_of(judgement.strength);
        names_ += fmt::format(" ({})", word);
        std::string reason = fmt::format("{}: {}", word, judgement.reason);
        if (std::ranges::find(reasons_, reason) == reasons_.end()) {
            reasons_.push_back(std::move(reason));
        }
    }

    const std::string& names() const { return names_; }

    void write_reasons(Page& page) const {
        for (const std::string& reason : reasons_) {
            page.put({.hang = k_rest_hang + 2}, reason);
        }
    }

private:
    std::string names_{};
    std::vector<std::string> reasons_{};
};

std::string_view order_words(Preference preference) {
    return preference == Preference::server   ? ", server's order"
           : preference == Preference::client ? ", client's order"
                                              : "";
}

template <typename Numbers>
std::string unanswered(const Numbers& numbers) {
    std::string names;
    for (const auto number : numbers) {
        names += (names.empty() ? "" : ", ") + tlsdoctor::name_of(number);
    }
    return names.empty() ? "" : "; no answer for " + names;
}

void write_groups(Page& page, const Inventory& inventory) {
    std::string_view word = "Groups";
    for (const evidence::VersionGroups& groups : inventory.groups) {
        Marked marked;
        for (const evidence::AcceptedGroup& group : groups.accepted) {
            marked.add(tlsdoctor::name_of(group.group), diagnose::judge(group.group));
        }
        page.put(
            rest_head(word),
            fmt::format(
                "{}{}: {}{}", tlsdoctor::name_of(groups.version), order_words(groups.preference),
                marked.names().empty() ? "none" : marked.names(), unanswered(groups.undecided)
            )
        );
        marked.write_reasons(page);
        word = {};
    }
}

void write_schemes(Page& page, const Inventory& inventory) {
    std::string_view word = "Signs";
    for (const evidence::VersionSchemes& schemes : inventory.signature_schemes) {
        Marked marked;
        for (const SignatureScheme scheme : schemes.accepted) {
            marked.add(tlsdoctor::name_of(scheme), diagnose::judge(scheme));
        }
        page.put(
            rest_head(word),
            fmt::format(
                "{}: {}{}", tlsdoctor::name_of(schemes.version),
                marked.names().empty() ? "none" : marked.names(), unanswered(schemes.undecided)
            )
        );
        marked.write_reasons(page);
        word = {};
    }
}

void write_certificates(Page& page, const Inventory& inventory) {
    std::string_view word = "Key";
    for (const evidence::SeenCertificate& seen : inventory.certificates) {
        Marked marked;
        marked.add(seen.key, diagnose::judge(seen.leaf));
        std::string text = marked.names();
        text += seen.leaf.signature.empty() ? "" : ", signed with " + seen.leaf.signature;
        text += seen.leaf.not_after.empty() ? "" : ", until " + seen.leaf.not_after.substr(0, 10);
        text += seen.leaf.subject.empty() ? "" : ", " + clipped(safe_text(seen.leaf.subject), 60);
        page.put(rest_head(word), text);
        marked.write_reasons(page);
        word = {};
    }
}

void write_primes(Page& page, const Inventory& inventory) {
    std::string_view word = "DH";
    for (const evidence::DhParameters& parameters : inventory.dh_parameters) {
        Marked marked;
        marked.add(
            fmt::format(
                "{} bits, {}", parameters.bits,
                parameters.prime.empty() ? "a prime of the server's own" : parameters.prime
            ),
            diagnose::judge(parameters)
        );
        page.put(rest_head(word), marked.names());
        marked.write_reasons(page);
        word = {};
    }
}

void write_alpn(Page& page, const Inventory& inventory) {
    if (inventory.alpn_asked) {
        page.put(
            rest_head("ALPN"),
            inventory.alpn.empty() ? "no protocol is agreed on" : joined(inventory.alpn, ", ")
        );
    }
}

void write_features(Page& page, const Inventory& inventory) {
    constexpr std::pair<std::string_view, Acceptance> k_lines[] = {
        {"Has", Acceptance::accepted},
        {"Lacks", Acceptance::refused},
        {"Unsure", Acceptance::undecided},
    };
    for (const auto& [word, state] : k_lines) {
        Marked marked;
        for (const evidence::Feature& feature : inventory.features) {
            if (feature.state == state) {
                marked.add(
                    std::string{feature.name}, diagnose::judge(feature).value_or(Judgement{})
                );
            }
        }
        if (!marked.names().empty()) {
            page.put(rest_head(word), marked.names());
            marked.write_reasons(page);
        }
    }
}

} // namespace

void write_inventory_rest(Page& page, const Inventory& inventory, bool) {
    write_groups(page, inventory);
    write_schemes(page, inventory);
    write_certificates(page, inventory);
    write_primes(page, inventory);
    write_alpn(page, inventory);
    write_features(page, inventory);
}

} // namespace tlsdoctor::report
