// SPDX-License-Identifier: Apache-2.0
// Fixes from the table, with the target's names filled in. Nothing is judged here: the verdict's
// cause selects the rows, and what the server said of itself only changes their order.
#include "advise/fix.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "advise/policy_lines.hpp"
#include "base/text.hpp"
#include "evidence/facts.hpp"

namespace tlsdoctor::advise {

namespace {

constexpr FixRow k_rows[] = {
#include "fixes.inc"
};

/// What a placeholder becomes.
struct Substitute {
    std::string_view placeholder{};
    std::string value{};
};

using Substitutes = std::array<Substitute, 4>;

/// Returns the host as it stands in a URL: an IPv6 address in brackets.
std::string url_host(const evidence::Target& target) {
    const bool ipv6 = target.host.find(':') != std::string::npos;
    return ipv6 ? "[" + target.host + "]" : target.host;
}

/// Returns the name to configure or to ask for.
std::string server_name(const evidence::Target& target) {
    if (target.sni) {
        return *target.sni;
    }
    return target.literal ? "NAME" : target.host;
}

/// Returns what the user can type again: as it was typed, or made of host and port.
std::string typed(const evidence::Target& target) {
    return target.input.empty() ? url_host(target) + ":" + std::to_string(target.port)
                                : target.input;
}

/// The target with the options that made it this question.
std::string question_again(const evidence::Target& target) {
    const std::string options = target.options.empty() ? "" : target.options + " ";
    return options + shell_word(typed(target));
}

Substitutes substitutes_for(const evidence::Target& target) {
    return {{
        {.placeholder = "{host}", .value = shell_word(url_host(target))},
        {.placeholder = "{port}", .value = std::to_string(target.port)},
        {.placeholder = "{target}", .value = question_again(target)},
        {.placeholder = "{name}", .value = shell_word(server_name(target))},
    }};
}

/// Returns `text` with every placeholder replaced. One pass: what was filled in is not read again,
/// so a target that is spelled like a placeholder stays as it is.
std::string filled(std::string_view text, const Substitutes& substitutes) {
    std::string result;
    while (!text.empty()) {
        const std::size_t plain = std::min(text.find('{'), text.size());
        result += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) {
            break;
        }
        const auto found = std::ranges::find_if(substitutes, [&](const Substitute& substitute) {
            return text.starts_with(substitute.placeholder);
        });
        const bool replace = found != substitutes.end();
        result += replace ? std::string_view{found->value} : text.substr(0, 1);
        text.remove_prefix(replace ? found->placeholder.size() : 1);
    }
    return result;
}

Fix fix_from(const FixRow& row, const Substitutes& substitutes) {
    return {
        .side = row.side,
        .product = std::string{row.product},
        .where = filled(row.where, substitutes),
        .text = filled(row.text, substitutes),
        .cost = filled(row.cost, substitutes),
        .verify = filled(row.verify, substitutes),
        .verified = false,
    };
}

/// Stacks of messages whose products have another name in the table.
constexpr std::pair<std::string_view, std::string_view> k_products_of_stacks[] = {
    {"curl", "curl/OpenSSL"},
    {"openssl", "curl/OpenSSL"},
    {"git", "curl/OpenSSL"},
    {"nodejs", "Node.js"},
    {"node", "Node.js"},
    {"npm", "Node.js"},
    {"dotnet", ".NET"},
    {"schannel", "Windows"},
    {"android", "Java"},
    {"maven", "Java"},
    {"docker", "Docker"},
    {"kubernetes", "Kubernetes"},
    {"postgres", "PostgreSQL"},
    {"mysql", "MariaDB"},
    {"pip", "Python"},
    {"golang", "Go"},
    {"iis", "IIS"},
};

/// Tells whether a product of the table is the one that a stack of messages stands for.
bool is_of(std::string_view product, std::string_view stack) {
    return same_ignoring_case(product, stack) ||
           std::ranges::any_of(k_products_of_stacks, [&](const auto& row) {
               return row.first == stack && row.second == product;
           });
}

/// Returns the library of the first endpoint whose stack was named, empty where none was.
std::string_view library_shown_by(const diagnose::Diagnosis& diagnosis) {
    for (const auto& stack : diagnosis.stacks) {
        if (stack && is_named(*stack)) {
            return diagnose::library_of(stack->name);
        }
    }
    return {};
}

/// Changes the order of the server products among themselves; all other rows keep their places.
void put_stack_first(std::vector<Fix>& fixes, std::string_view library) {
    const auto is_product = [](const Fix& fix) {
        return fix.side == Side::server && fix.product != "any";
    };
    std::vector<Fix> products;
    std::ranges::copy_if(fixes, std::back_inserter(products), is_product);
    std::ranges::stable_partition(products, [&](const Fix& fix) {
        return stands_on(fix.product, library);
    });
    auto next = products.begin();
    for (Fix& fix : fixes) {
        if (is_product(fix)) {
            fix = std::move(*next++);
        }
    }
}

/// Returns the product that the server named, in a greeting or beside an alert.
std::string product_named(const diagnose::Diagnosis& diagnosis, const evidence::Visit& visit) {
    std::string product{product_shown_by(visit)};
    for (const auto& stack : diagnosis.stacks) {
        if (product.empty() && stack) {
            product = stack->product;
        }
    }
    return product;
}

/// Returns the cause whose rows help. A client that is too old for TLS 1.3 alone needs a newer one
/// than a client that is too old for TLS 1.2.
std::string_view cause_to_mend(const diagnose::Finding& verdict, const evidence::Visit& visit) {
    const bool only_tls13 = std::ranges::any_of(visit.endpoints, [](const auto& endpoint) {
        const auto accepted = evidence::accepted_versions(endpoint);
        return accepted == std::vector{ProtocolVersion::tls_1_3};
    });
    const std::string_view cause = verdict.cause->name;
    return cause == "server_requires_newer_version" && only_tls13 ? "server_only_tls13" : cause;
}

} // namespace

std::span<const FixRow> fix_rows() {
    return k_rows;
}

std::vector<Fix> fixes_for_message(
    std::string_view cause, Side side, std::string_view stack, const evidence::Target& target,
    std::size_t most
) {
    std::vector<const FixRow*> rows;
    for (const FixRow& row : k_rows) {
        if (row.cause == cause) {
            rows.push_back(&row);
        }
    }
    const auto put_first = [&](const auto& wanted) {
        std::ranges::stable_partition(rows, wanted);
    };
    put_first([](const FixRow* row) { return row->product == "any"; });
    put_first([&](const FixRow* row) { return row->side == side; });
    put_first([&](const FixRow* row) { return is_of(row->product, stack); });
    rows.resize(std::min(rows.size(), most));
    std::vector<Fix> fixes;
    const Substitutes substitutes = substitutes_for(target);
    for (const FixRow* const row : rows) {
        fixes.push_back(fix_from(*row, substitutes));
    }
    return fixes;
}

std::vector<Fix> fixes_for(const diagnose::Diagnosis& diagnosis, const evidence::Visit& visit) {
    std::vector<Fix> fixes;
    if (diagnosis.findings.empty()) {
        return fixes;
    }
    const diagnose::Finding& verdict = diagnosis.findings.front();
    const std::string_view cause = cause_to_mend(verdict, visit);
    const Substitutes substitutes = substitutes_for(visit.target);
    for (const FixRow& row : k_rows) {
        if (row.cause == cause) {
            fixes.push_back(fix_from(row, substitutes));
        }
    }
    if (cause != verdict.cause->name) {
        std::ranges::stable_partition(fixes, [&](const Fix& fix) {
            return fix.side == verdict.side;
        });
    }
    if (cause == "expectation_failed" && diagnosis.policy) {
        spell_policy_out(fixes, *diagnosis.policy, visit);
    }
    put_stack_first(fixes, library_shown_by(diagnosis));
    const std::string product = product_named(diagnosis, visit);
    std::ranges::stable_partition(fixes, [&](const Fix& fix) { return fix.product == product; });
    return fixes;
}

} // namespace tlsdoctor::advise
