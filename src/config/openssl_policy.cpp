// SPDX-License-Identifier: Apache-2.0
// Reading openssl.cnf [config(5)]: sections by name, the later of two equal names wins, `$name` and
// `${section::name}` stand for values above them, `.include` for a file or the *.cnf of a folder.
#include "config/openssl_policy.hpp"

#include <map>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/syntax/key_value.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_most_policy_value = 4096;

using PolicySection = std::map<std::string, PolicySetting, std::less<>>;

/// The length of a variable's name without braces: `name` or `section::name`.
std::size_t end_of_name(std::string_view text) {
    constexpr std::string_view k_letters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    std::size_t end = std::min(text.find_first_not_of(k_letters), text.size());
    if (text.substr(end).starts_with("::")) {
        end = std::min(text.find_first_not_of(k_letters, end + 2), text.size());
    }
    return end;
}

/// Reads files into sections.
class PolicyReader {
public:
    PolicyReader(const Files& files, Sources& sources, std::vector<Remark>& remarks)
        : files_{files}, sources_{sources}, remarks_{remarks} {}

    void read(const std::string& path, std::size_t depth) {
        auto bytes = files_.read(path);
        if (!bytes || depth > k_most_include_depth || sources_.size() > k_most_files) {
            return; // as the library does: a missing file prescribes nothing
        }
        const FileId file = sources_.add(files_.real_path(path), std::move(*bytes));
        const Document document = read_key_value(sources_, file, k_openssl_dialect);
        remarks_.insert(remarks_.end(), document.faults.begin(), document.faults.end());
        take(document.statements, "default", path, depth);
    }

    /// Follows `first` (in the section `default`) and the names after it to a section.
    const PolicySection* follow(std::string_view first) const {
        const PolicySection* section = section_named("default");
        for (const std::string_view name :
             {first, std::string_view{"ssl_conf"}, std::string_view{"system_default"}}) {
            const auto setting = section == nullptr ? nullptr : find_in(*section, name);
            section = setting == nullptr ? nullptr : section_named(setting->value);
        }
        return section;
    }

    static const PolicySetting* find_in(const PolicySection& section, std::string_view name) {
        const auto found = section.find(name);
        return found == section.end() ? nullptr : &found->second;
    }

private:
    const PolicySection* section_named(std::string_view name) const {
        const auto found = sections_.find(name);
        return found == sections_.end() ? nullptr : &found->second;
    }

    void take(
        const std::vector<Statement>& statements, const std::string& section,
        const std::string& path, std::size_t depth
    ) {
        for (const Statement& statement : statements) {
            if (statement.words.empty()) {
                continue;
            }
            const std::string& name = statement.words.front().text;
            if (statement.section) {
                take(statement.body, std::string{trimmed(name)}, path, depth);
            } else if (name == ".include") {
                include(joined_path(folder_of(path), value_of(statement)), depth);
            } else if (!name.starts_with('.')) {
                sections_[section][name] = {
                    expanded(value_of(statement), section), statement.place, values_of(statement)
                };
            }
        }
    }

    void include(const std::string& path, std::size_t depth) {
        if (files_.kind_of(path) != FileKind::folder) {
            read(path, depth + 1);
            return;
        }
        for (const char* ending : {"/*.cnf", "/*.conf"}) {
            for (const std::string& file : matches_of(files_, path + ending)) {
                read(file, depth + 1);
            }
        }
    }

    std::string expanded(std::string_view value, const std::string& section) const {
        std::string text;
        while (!value.empty() && text.size() < k_most_policy_value) {
            const std::size_t dollar = std::min(value.find('$'), value.size());
            text += value.substr(0, dollar);
            value.remove_prefix(dollar);
            if (value.size() < 2) {
                return text + std::string{value};
            }
            const bool braces = value[1] == '{';
            value.remove_prefix(braces ? 2 : 1);
            const std::size_t end =
                braces ? std::min(value.find('}'), value.size()) : end_of_name(value);
            text += value_named(value.substr(0, end), section);
            value.remove_prefix(std::min(end + (braces ? 1 : 0), value.size()));
        }
        return text;
    }

    std::string value_named(std::string_view name, std::string_view section) const {
        const std::size_t colons = name.find("::");
        if (colons != name.npos) {
            section = name.substr(0, colons);
            name.remove_prefix(colons + 2);
        }
        for (const std::string_view where : {section, std::string_view{"default"}}) {
            const PolicySection* const in = section_named(where);
            const PolicySetting* const setting = in == nullptr ? nullptr : find_in(*in, name);
            if (setting != nullptr) {
                return setting->value;
            }
        }
        return "";
    }

    const Files& files_;
    Sources& sources_;
    std::vector<Remark>& remarks_;
    std::map<std::string, PolicySection, std::less<>> sections_{};
};

struct PolicyName {
    std::string_view name;
    std::optional<PolicySetting> OpensslPolicy::* setting;
};

constexpr PolicyName k_policy_names[] = {
    {"MinProtocol", &OpensslPolicy::min_protocol},
    {"TLS.MinProtocol", &OpensslPolicy::min_protocol},
    {"MaxProtocol", &OpensslPolicy::max_protocol},
    {"TLS.MaxProtocol", &OpensslPolicy::max_protocol},
    {"Protocol", &OpensslPolicy::protocol},
    {"CipherString", &OpensslPolicy::cipher_string},
    {"Ciphersuites", &OpensslPolicy::ciphersuites},
    {"Groups", &OpensslPolicy::groups},
    {"Curves", &OpensslPolicy::groups},
};

} // namespace

OpensslPolicy read_openssl_policy(
    const Files& files, const std::string& path, std::string_view name, Sources& sources,
    std::vector<Remark>& remarks
) {
    PolicyReader reader{files, sources, remarks};
    reader.read(path, 0);
    OpensslPolicy policy;
    const PolicySection* const section = reader.follow(name.empty() ? "openssl_conf" : name);
    if (section == nullptr) {
        return policy;
    }
    for (const auto& [key, setting] : *section) {
        for (const PolicyName& row : k_policy_names) {
            if (same_ignoring_case(row.name, key)) {
                policy.*row.setting = setting;
            }
        }
    }
    return policy;
}

const OpensslPolicy& OpensslPolicies::of(const std::string& path, const std::string& name) {
    const std::pair key{path, name};
    const auto known = known_.find(key);
    return known != known_.end()
               ? known->second
               : known_.emplace(key, read_openssl_policy(files_, path, name, sources_, remarks_))
                     .first->second;
}

} // namespace tlsdoctor::config
