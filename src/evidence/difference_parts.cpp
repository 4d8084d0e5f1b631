// SPDX-License-Identifier: Apache-2.0
// Compares what addresses answered: those that both runs asked, each with itself; where none is the
// same, the name's answer as a whole, if its addresses agree on it.
#include "evidence/difference_parts.hpp"

#include <algorithm>
#include <set>

#include <fmt/core.h>

namespace tlsdoctor::evidence {

namespace {

/// Two addresses to hold side by side, and how the pair is called; empty: all of the name's.
struct AddressPair {
    const BriefAddress* before{};
    const BriefAddress* after{};
    std::string name{};
};

bool is_ipv6(const std::string& address) {
    return address.contains(':');
}

std::string name_of_address(const BriefAddress& address, const Words& words) {
    const std::string& text = words.text(address.address);
    return is_ipv6(text) ? fmt::format("[{}]:{}", text, address.port)
                         : fmt::format("{}:{}", text, address.port);
}

/// Tells whether the addresses of a name answer alike.
bool agree(const std::vector<BriefAddress>& addresses) {
    return std::ranges::all_of(addresses, [&](const BriefAddress& address) {
        return address.outcomes == addresses.front().outcomes;
    });
}

std::vector<AddressPair> paired(const Brief& before, const Brief& after, const Words& words) {
    std::vector<AddressPair> pairs;
    for (const BriefAddress& old : before.addresses) {
        const auto same = std::ranges::find_if(after.addresses, [&](const BriefAddress& other) {
            return other.address == old.address && other.port == old.port;
        });
        if (old.address != 0 && same != after.addresses.end()) {
            pairs.push_back({&old, &*same, name_of_address(old, words)});
        }
    }
    const bool both = !before.addresses.empty() && !after.addresses.empty();
    if (pairs.empty() && both && agree(before.addresses) && agree(after.addresses)) {
        pairs.push_back({&before.addresses.front(), &after.addresses.front(), ""});
    }
    return pairs;
}

/// Collects the changes of one target; equal ones of several addresses become one.
class TargetComparison {
public:
    TargetComparison(const Words& words, TargetFindings& found) : words_{words}, found_{found} {}

    void compare(const AddressPair& pair) {
        name_ = pair.name;
        for (std::size_t i = 0; i < k_versions.size(); ++i) {
            compare_version(i, pair.before->outcomes[i], pair.after->outcomes[i]);
        }
        compare_suites(*pair.before, *pair.after);
        compare_certificate(*pair.before, *pair.after);
        const auto judged = [&](Word trust) {
            return trust != 0 && words_.text(trust) != "not_judged" ? trust : Word{0};
        };
        compare_word(ChangeKind::trust, judged(pair.before->trust), judged(pair.after->trust));
        compare_word(ChangeKind::stack, pair.before->stack, pair.after->stack);
    }

private:
    /// Whether an outcome says anything of the version: what was not reached was not asked.
    bool tells(Word outcome) const {
        const std::string& text = words_.text(outcome);
        return !text.empty() && text != "not_tested" && text != "unreachable";
    }

    void compare_version(std::size_t place, Word before, Word after) {
        const std::string version = name_of(k_versions[place]);
        if (tells(before) != tells(after)) {
            apart(version);
        } else if (tells(before) && before != after) {
            put(
                {.kind = ChangeKind::version,
                 .subject = version,
                 .before = words_.text(before),
                 .after = words_.text(after)}
            );
        }
    }

    void compare_suites(const BriefAddress& before, const BriefAddress& after) {
        for (const ProtocolVersion version : k_versions) {
            const auto is_it = [&](const BriefSuites& suites) {
                return suites.version == version;
            };
            const auto old = std::ranges::find_if(before.suites, is_it);
            const auto now = std::ranges::find_if(after.suites, is_it);
            const bool was = old != before.suites.end();
            const bool is = now != after.suites.end();
            if (was && is) {
                compare_lists(version, *old, *now);
            } else if (was != is && accepted(before, version) && accepted(after, version)) {
                apart(fmt::format("cipher suites of {}", name_of(version)));
            }
        }
    }

    bool accepted(const BriefAddress& address, ProtocolVersion version) const {
        return words_.text(address.outcomes[place_of(version)]) == "accepted";
    }

    void
    compare_lists(ProtocolVersion version, const BriefSuites& before, const BriefSuites& after) {
        Change change{.kind = ChangeKind::suites, .subject = name_of(version)};
        change.added = only_in(after, before);
        change.removed = only_in(before, after);
        if (!change.added.empty() && !before.complete) {
            change.added.clear();
            apart(fmt::format("cipher suites added in {}", name_of(version)));
        }
        if (!change.removed.empty() && !after.complete) {
            change.removed.clear();
            apart(fmt::format("cipher suites removed from {}", name_of(version)));
        }
        if (!change.added.empty() || !change.removed.empty()) {
            put(std::move(change));
        }
    }

    std::vector<std::string> only_in(const BriefSuites& these, const BriefSuites& others) const {
        std::vector<Word> rest;
        std::ranges::set_difference(these.names, others.names, std::back_inserter(rest));
        std::vector<std::string> names;
        for (const Word word : rest) {
            names.push_back(words_.text(word));
        }
        std::ranges::sort(names);
        return names;
    }

    void compare_certificate(const BriefAddress& before, const BriefAddress& after) {
        if ((before.certificate_sha256 == 0) != (after.certificate_sha256 == 0)) {
            if (before.handshake != after.handshake) { // else the handshake itself tells
                apart("certificate");
            }
        } else if (before.certificate_sha256 != after.certificate_sha256) {
            put(
                {.kind = ChangeKind::certificate,
                 .before = certificate_of(before),
                 .after = certificate_of(after)}
            );
        }
    }

    std::string certificate_of(const BriefAddress& address) const {
        const std::string& expires = words_.text(address.certificate_expires);
        return fmt::format(
            "{}, expires {}, sha256 {}", words_.text(address.certificate_key),
            expires.substr(0, expires.find('T')),
            words_.text(address.certificate_sha256).substr(0, 16)
        );
    }

    /// Nothing is said where one side does not know.
    void compare_word(ChangeKind kind, Word before, Word after) {
        if (before != 0 && after != 0 && before != after) {
            put({.kind = kind, .before = words_.text(before), .after = words_.text(after)});
        }
    }

    void apart(std::string what) {
        if (std::ranges::find(found_.not_comparable, what) == found_.not_comparable.end()) {
            found_.not_comparable.push_back(std::move(what));
        }
    }

    void put(Change change) {
        const auto same = std::ranges::find_if(found_.changes, [&](const Change& known) {
            return known.kind == change.kind && known.subject == change.subject &&
                   known.before == change.before && known.after == change.after &&
                   known.added == change.added && known.removed == change.removed;
        });
        Change& kept =
            same != found_.changes.end() ? *same : found_.changes.emplace_back(std::move(change));
        if (!name_.empty()) {
            kept.addresses.push_back(name_);
        }
    }

    const Words& words_;
    TargetFindings& found_;
    std::string name_{};
};

} // namespace

TargetFindings compare_targets(const Brief& before, const Brief& after, const Words& words) {
    TargetFindings found;
    compare_verdicts(before, after, words, found);
    if (before.has_starttls != after.has_starttls || before.starttls != after.starttls) {
        const auto words_of = [&](const Brief& brief) {
            return brief.has_starttls ? words.text(brief.starttls) : std::string{"none"};
        };
        found.changes.push_back(
            {.kind = ChangeKind::starttls, .before = words_of(before), .after = words_of(after)}
        );
    }
    const std::vector<AddressPair> pairs = paired(before, after, words);
    if (pairs.empty() && !before.addresses.empty() && !after.addresses.empty()) {
        found.not_comparable.emplace_back("addresses: other ones, which differ among themselves");
    }
    TargetComparison comparison{words, found};
    for (const AddressPair& pair : pairs) {
        comparison.compare(pair);
    }
    for (Change& change : found.changes) { // at all of them: no list is needed
        if (change.addresses.size() == pairs.size()) {
            change.addresses.clear();
        }
    }
    return found;
}

} // namespace tlsdoctor::evidence
