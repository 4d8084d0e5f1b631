// SPDX-License-Identifier: Apache-2.0
// Lines and insertions of Postfix; see the header.
#include "config/servers/postfix_lines.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "config/servers/postfix_protocols.hpp"

namespace tlsdoctor::config {

namespace {

/// How `$name` is used in a list: behind a bound, or as the whole of it.
Rewrite rewrite_where_used(std::string_view text, std::string_view name, Rewrite whole) {
    const std::size_t at = text.find(name);
    const std::string_view before =
        text.substr(0, at == text.npos ? 0 : text.find_last_of('$', at));
    const std::string_view left = trimmed(before);
    return left.ends_with(">=")   ? rewritten_postfix_floor
           : left.ends_with("<=") ? rewritten_postfix_ceiling
           : left.empty()         ? whole
                                  : nullptr;
}

} // namespace

/// `>=` and `<=` exist since 3.6.
bool PostfixLines::without_bounds() const {
    return older(parameters_.version(), "3.6");
}

Rewrite PostfixLines::rewrite_of(const Setting& setting) const {
    if (without_bounds()) {
        return rewritten_postfix_exclusions;
    }
    const bool in_master = setting.statement.file == daemon_.statement.file;
    return in_master ? rewritten_master_list : rewritten_postfix_list;
}

void PostfixLines::add(std::string_view name, Aspect aspect, std::string_view inert) {
    const PostfixValue value = parameters_.value(name);
    for (const Settings* const list : {&parameters_.main(), &parameters_.options()}) {
        for (const Setting& one : list->all()) {
            if (one.name != name) {
                continue;
            }
            const bool decides = &one == value.from;
            Line line{
                .statement = one.statement,
                .value = one.value_place,
                .aspect = aspect,
                .role = decides && inert.empty() ? Role::effective : Role::inert,
                .why = std::string{inert}
            };
            if (aspect == Aspect::versions) {
                line.rewrite = rewrite_of(one);
            }
            if (!decides) {
                line.why = reading_.sources.where(value.from->statement) + " overrides it";
            }
            service_.lines.push_back(std::move(line));
        }
    }
}

void PostfixLines::add_used(const PostfixValue& value, Aspect aspect) {
    if (value.from == nullptr) {
        return;
    }
    const Setting& from = *value.from;
    for (const Setting* const one : value.used) {
        const Rewrite rewrite = aspect == Aspect::versions
                                    ? rewrite_where_used(from.value, one->name, rewrite_of(*one))
                                    : nullptr;
        service_.lines.push_back(
            {.statement = one->statement,
             .value = one->value_place,
             .aspect = aspect,
             .role = service_.door == Door::tls ? Role::effective : Role::inert,
             .why = from.name + " takes its value from here",
             .rewrite = rewrite}
        );
    }
    const std::string_view raw = reading_.sources.text(from.value_place);
    const std::size_t dollar = raw.find('$');
    if (value.used.empty() || dollar == raw.npos) {
        return;
    }
    const std::size_t begin = raw.find_last_of(" \t\n,", dollar);
    const std::size_t end = std::min(raw.find_first_of(" \t\n,", dollar), raw.size());
    const std::size_t offset = from.value_place.begin;
    const Place word{
        from.value_place.file, offset + (begin == raw.npos ? 0 : begin + 1), offset + end
    };
    service_.lines.push_back(
        {.statement = word,
         .value = word,
         .aspect = Aspect::other,
         .role = Role::inert,
         .why = "the value stands at " + reading_.sources.where(value.used.front()->statement)}
    );
}

void PostfixLines::add_clients() {
    for (const Setting& one : parameters_.main().all()) {
        const bool client = one.name.starts_with("smtp_") || one.name.starts_with("lmtp_");
        if (client && one.name.contains("tls")) {
            service_.lines.push_back(
                {.statement = one.statement,
                 .value = one.value_place,
                 .aspect = Aspect::other,
                 .role = Role::inert,
                 .why = "the client side: mail that Postfix sends"}
            );
        }
    }
}

void PostfixLines::add_insertions(const std::string& name) {
    const bool old = without_bounds();
    const Setting* after = nullptr;
    for (const Setting& one : parameters_.main().all()) {
        after = one.name.starts_with("smtpd_tls_") || after == nullptr ? &one : after;
    }
    if (after != nullptr) {
        service_.insertions.push_back(
            {.after = after->statement,
             .text = name + " = {}",
             .value = old ? rewritten_postfix_exclusions : rewritten_postfix_list}
        );
    }
    if (daemon_.statement != Place{}) {
        service_.insertions.push_back(
            {.after = daemon_.statement,
             .text = "  -o " + name + "={}",
             .value = old ? rewritten_postfix_exclusions : rewritten_master_list}
        );
    }
}

} // namespace tlsdoctor::config
