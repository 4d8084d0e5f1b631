// SPDX-License-Identifier: Apache-2.0
// The system's GnuTLS configuration and what its lines forbid; see gnutls_policy.hpp.
#include "config/gnutls_policy.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "config/judge_parts.hpp"
#include "config/syntax/key_value.hpp"

namespace tlsdoctor::config {

namespace {

/// A key of `[overrides]` and the list from which it takes away.
struct GnutlsOverride {
    std::string_view key{};
    GnutlsList list{};
    std::string_view prefix{}; ///< the value may have it
};

constexpr GnutlsOverride k_gnutls_overrides[] = {
    {"tls-disabled-cipher", GnutlsList::ciphers, ""},
    {"tls-disabled-kx", GnutlsList::exchanges, ""},
    {"tls-disabled-mac", GnutlsList::macs, ""},
    {"tls-disabled-group", GnutlsList::groups, "GROUP-"},
    {"disabled-curve", GnutlsList::groups, ""},
    {"insecure-sig", GnutlsList::signatures, ""},
};

void add_setting(
    GnutlsSystem& system, const Sources& sources, const Statement& line, const std::string& section
) {
    if (line.words.empty()) {
        return;
    }
    GnutlsSetting setting{
        .section = section,
        .name = line.words.front().text,
        .key = lower(line.words.front().text),
        .value = std::string{value_of(line)},
        .statement = line.place,
        .value_place = values_of(line)
    };
    // A comment may stand behind a value, with a blank before it (measured).
    const std::size_t comment = std::min(setting.value.find(" #"), setting.value.find(" ;"));
    setting.value = trimmed(std::string_view{setting.value}.substr(0, comment));
    if (sources.text(line.place).find('=') == std::string_view::npos) {
        system.faults.push_back({line.place, "GnuTLS ignores the whole file: no = in this line"});
    }
    system.settings.push_back(std::move(setting));
}

} // namespace

GnutlsSystem gnutls_system_beneath(const Input& input, Reading& reading) {
    const std::string path = gnutls_conf_beneath(input);
    auto bytes = path.empty() ? std::unexpected{FileError{}} : input.files.read(path);
    if (!bytes) {
        return {};
    }
    const std::size_t known = reading.sources.size();
    const FileId file = reading.sources.add(input.files.real_path(path), std::move(*bytes));
    GnutlsSystem system = read_gnutls_system(reading.sources, file);
    if (reading.sources.size() > known) {
        reading.warnings.insert(reading.warnings.end(), system.faults.begin(), system.faults.end());
    }
    return system;
}

GnutlsSystem read_gnutls_system(const Sources& sources, FileId file) {
    GnutlsSystem system;
    const Document document = read_key_value(sources, file, k_gnutls_dialect);
    system.faults = document.faults;
    for (const Statement& statement : document.statements) {
        if (!statement.section) {
            add_setting(system, sources, statement, "");
            continue;
        }
        const std::string name = statement.words.empty() ? "" : lower(statement.words.front().text);
        for (const Statement& line : statement.body) {
            add_setting(system, sources, line, name);
        }
    }
    if (!system.faults.empty()) {
        system.settings.clear();
    }
    system.allow_list = std::ranges::any_of(system.settings, [](const GnutlsSetting& one) {
        return one.section == "global" && one.key == "override-mode" &&
               same_ignoring_case(one.value, "allowlist");
    });
    return system;
}

bool restrict_by(GnutlsPolicy& policy, const GnutlsSystem& system, const GnutlsSetting& setting) {
    if (system.allow_list || setting.section != "overrides") {
        return false;
    }
    if (setting.key == "disabled-version") {
        const auto version = version_named(setting.value);
        if (!version || lower(setting.value).starts_with("vers")) {
            return false;
        }
        policy.versions.remove(*version);
        return true;
    }
    const auto row = std::ranges::find(k_gnutls_overrides, setting.key, &GnutlsOverride::key);
    if (row == std::end(k_gnutls_overrides)) {
        return false;
    }
    std::string_view word = setting.value;
    if (!row->prefix.empty() && lower(word).starts_with(lower(row->prefix))) {
        word.remove_prefix(row->prefix.size());
    }
    const std::string_view name = gnutls_name(row->list, word);
    std::erase(policy.list(row->list), name);
    return !name.empty();
}

} // namespace tlsdoctor::config
