// SPDX-License-Identifier: Apache-2.0
// The table is carried as text and a row is read when it is asked for, so that a run without
// clients pays nothing. It is our own data: a malformed row is a bug.
#include "client/plan.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <span>
#include <string>

#include "base/assume.hpp"
#include "base/embedded.hpp"
#include "base/text.hpp"

namespace tlsdoctor::embedded {

/// data/clients/hellos.tsv.
std::span<const EmbeddedFile> client_tables();

} // namespace tlsdoctor::embedded

namespace tlsdoctor::client {
namespace {

constexpr std::size_t k_columns = 15;
constexpr std::uint32_t k_largest_suite = 0xffff;

using Rows = std::map<std::string_view, std::string_view, std::less<>>;

/// The rows by their id; borrowed from the table, which lives as long as the program.
Rows rows_by_id() {
    Rows rows;
    for (const std::string_view line : split(embedded::client_tables().front().text, '\n')) {
        if (!line.empty() && !line.starts_with('#')) {
            rows.emplace(line.substr(0, line.find('\t')), line);
        }
    }
    return rows;
}

std::uint32_t number_of(std::string_view text, int base) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    assume(error == std::errc{} && end == text.data() + text.size(), "a number of hellos.tsv");
    return value;
}

template <typename T>
std::vector<T> numbers_of(std::string_view cell) {
    std::vector<T> list;
    if (cell.empty()) {
        return list;
    }
    for (const std::string_view word : split(cell, ' ')) {
        list.push_back(static_cast<T>(number_of(word, 16)));
    }
    return list;
}

ExtensionPlan extension_of(std::string_view word) {
    constexpr std::size_t digits = 4;
    ExtensionPlan plan{
        .type = ExtensionType{static_cast<std::uint16_t>(number_of(word.substr(0, digits), 16))}
    };
    if (word.size() == digits) {
        return plan;
    }
    const std::string_view rest = word.substr(digits + 1);
    if (word[digits] == '=') {
        plan.body = from_hex(rest);
        assume(plan.body.has_value(), "a body of hellos.tsv");
    } else if (word[digits] == '@') {
        plan.padded_to = number_of(rest, 10);
    } else {
        const auto parts = split(rest, '/');
        assume(word[digits] == '~' && parts.size() == 2, "an extension of hellos.tsv");
        plan.ech_aead = static_cast<std::uint16_t>(number_of(parts[0], 16));
        plan.ech_payload = number_of(parts[1], 10);
    }
    return plan;
}

HelloPlan ssl2_plan(const std::vector<std::string_view>& cells) {
    HelloPlan plan;
    HelloFields& fields = plan.fields;
    fields.sslv2 = true;
    fields.legacy_version = ProtocolVersion{static_cast<std::uint16_t>(number_of(cells[2], 16))};
    fields.versions = {fields.legacy_version};
    fields.sslv2_cipher_kinds = numbers_of<std::uint32_t>(cells[4]);
    for (const std::uint32_t kind : fields.sslv2_cipher_kinds) {
        if (kind <= k_largest_suite) {
            fields.cipher_suites.push_back(CipherSuite{static_cast<std::uint16_t>(kind)});
        }
    }
    const auto sizes = split(cells[3], '+');
    assume(sizes.size() == 2, "sizes of a row of hellos.tsv");
    fields.session_id_size = number_of(sizes[0], 10);
    plan.challenge_size = number_of(sizes[1], 10);
    return plan;
}

HelloPlan tls_plan(const std::vector<std::string_view>& cells) {
    HelloPlan plan;
    HelloFields& fields = plan.fields;
    fields.record_version = ProtocolVersion{static_cast<std::uint16_t>(number_of(cells[1], 16))};
    fields.legacy_version = ProtocolVersion{static_cast<std::uint16_t>(number_of(cells[2], 16))};
    fields.session_id_size = number_of(cells[3], 10);
    fields.cipher_suites = numbers_of<CipherSuite>(cells[4]);
    fields.compression = numbers_of<std::uint8_t>(cells[5]);
    fields.versions = numbers_of<ProtocolVersion>(cells[6]);
    fields.groups = numbers_of<NamedGroup>(cells[7]);
    fields.key_share_groups = numbers_of<NamedGroup>(cells[8]);
    fields.signature_algorithms = numbers_of<SignatureScheme>(cells[9]);
    fields.signature_algorithms_cert = numbers_of<SignatureScheme>(cells[10]);
    fields.point_formats = numbers_of<std::uint8_t>(cells[11]);
    if (!cells[12].empty()) {
        for (const std::string_view name : split(cells[12], ' ')) {
            fields.alpn.emplace_back(name);
        }
    }
    fields.psk_modes = numbers_of<std::uint8_t>(cells[13]);
    if (!cells[14].empty()) {
        for (const std::string_view word : split(cells[14], ' ')) {
            plan.extensions.push_back(extension_of(word));
            fields.extensions.push_back(plan.extensions.back().type);
        }
    }
    return plan;
}

} // namespace

std::optional<HelloPlan> hello_plan(std::string_view id) {
    static const Rows rows = rows_by_id();
    const auto row = rows.find(id);
    if (row == rows.end() || id == "id") {
        return std::nullopt;
    }
    const auto cells = split(row->second, '\t');
    assume(cells.size() == k_columns, "a row of hellos.tsv");
    return cells[1] == "ssl2" ? ssl2_plan(cells) : tls_plan(cells);
}

} // namespace tlsdoctor::client
