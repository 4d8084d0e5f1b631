// SPDX-License-Identifier: Apache-2.0
// Reading and choosing Dovecot's settings; see the header. Measured on Dovecot 2.3.19.1.
#include "config/servers/dovecot_settings.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/listening.hpp"
#include "config/syntax/dovecot.hpp"

namespace tlsdoctor::config {

namespace {

/// Every setting of 2.2 and 2.3 that begins with ssl; 2.4 has others.
constexpr std::string_view k_dovecot_ssl[] = {
    "ssl",
    "ssl_alt_cert",
    "ssl_alt_key",
    "ssl_ca",
    "ssl_cert",
    "ssl_cert_username_field",
    "ssl_cipher_list",
    "ssl_cipher_suites",
    "ssl_crypto_device",
    "ssl_curve_list",
    "ssl_dh",
    "ssl_dh_parameters_length",
    "ssl_key",
    "ssl_key_password",
    "ssl_min_protocol",
    "ssl_options",
    "ssl_parameters_regenerate",
    "ssl_prefer_server_ciphers",
    "ssl_protocols",
    "ssl_require_crl",
    "ssl_verify_client_cert",
};

class DovecotIncluder {
public:
    DovecotIncluder(const Input& input, Reading& reading, DovecotSettings& settings)
        : input_{input}, reading_{reading}, settings_{settings} {}

    void read(FileId file, std::size_t depth);

private:
    void statements(const std::vector<Statement>& list, std::size_t depth);
    void setting(const Statement& statement);
    void section(const Statement& statement, std::size_t depth);
    void include(const Statement& statement, std::size_t depth);
    void check_name(const std::string& key, Place place);
    std::string expanded(const std::string& value, Place place);

    const Input& input_;
    Reading& reading_;
    DovecotSettings& settings_;
    DovecotFilter filter_{};
    std::string path_{};
    Place section_{};
};

void DovecotIncluder::read(FileId file, std::size_t depth) {
    const Document document = read_dovecot_syntax(reading_.sources, file);
    for (const Remark& fault : document.faults) {
        reading_.fatal.push_back(fault);
    }
    statements(document.statements, depth);
}

void DovecotIncluder::statements(const std::vector<Statement>& list, std::size_t depth) {
    for (const Statement& statement : list) {
        if (statement.words.empty()) {
            continue;
        }
        if (statement.section) {
            section(statement, depth);
        } else if (statement.words.front().text.starts_with("!include")) {
            include(statement, depth);
        } else {
            setting(statement);
        }
    }
}

void DovecotIncluder::include(const Statement& statement, std::size_t depth) {
    const bool must = statement.words.front().text == "!include";
    if (depth >= k_most_include_depth || statement.words.size() < 2) {
        reading_.fatal.push_back(
            {statement.place, "includes are nested too deeply, or name nothing"}
        );
        return;
    }
    const std::string here = folder_of(reading_.sources.at(statement.place.file).path);
    const std::string pattern = joined_path(here, statement.words[1].text);
    if (is_pattern(pattern)) {
        for (const std::string& path : matches_of(input_.files, pattern)) {
            if (input_.files.kind_of(path) == FileKind::file) {
                if (const auto file = open_source(input_, reading_, path)) {
                    read(*file, depth + 1);
                }
            }
        }
        return;
    }
    if (const auto file = open_source(input_, reading_, pattern)) {
        read(*file, depth + 1);
    } else if (must) {
        reading_.fatal.push_back({statement.place, "the included file cannot be read"});
    }
}

/// `$name`, up to the next blank, is what the setting has been set to so far. A setting that does
/// not exist is an error.
std::string DovecotIncluder::expanded(const std::string& value, Place place) {
    std::string text;
    for (const std::string_view part : split(value, ' ')) {
        text += text.empty() && part.data() == value.data() ? "" : " ";
        if (!part.starts_with('$') || part.starts_with("$ENV:")) {
            text += part;
            continue;
        }
        const std::string_view name = part.substr(1);
        const DovecotSetting* const other = settings_.global(name);
        const bool known = std::ranges::find(k_dovecot_ssl, name) != std::end(k_dovecot_ssl);
        if (name.starts_with("ssl") && other == nullptr && !known) {
            reading_.fatal.push_back({place, "Dovecot does not know this variable"});
        }
        text += other == nullptr ? "" : other->value;
    }
    return text;
}

/// Names that begin with ssl and that this version does not know keep it from starting.
void DovecotIncluder::check_name(const std::string& key, Place place) {
    const bool known = std::ranges::find(k_dovecot_ssl, key) != std::end(k_dovecot_ssl) ||
                       key.starts_with("ssl_client_");
    const bool concerns = key == "ssl" || key.starts_with("ssl_");
    if (key == "dovecot_config_version" ||
        (concerns && !known && !older(reading_.server_version, "2.4"))) {
        settings_.is_24 = true;
        reading_.not_understood.push_back(
            {place, "this is the language of Dovecot 2.4, which is not read yet"}
        );
    } else if (concerns && !known && path_.empty()) {
        reading_.fatal.push_back({place, "Dovecot does not know this setting"});
    }
}

void DovecotIncluder::setting(const Statement& statement) {
    const std::string& key = statement.words.front().text;
    check_name(key, statement.place);
    DovecotSetting one{
        .path = path_ + key,
        .filter = filter_,
        .statement = statement.place,
        .value_place = {statement.place.file, statement.place.end, statement.place.end},
        .section = section_
    };
    if (statement.words.size() > 1) {
        const Word& value = statement.words[1];
        one.value_place = value.place;
        one.is_file = !value.quoted && value.text.starts_with('<');
        one.value = one.is_file ? std::string{trimmed(std::string_view{value.text}.substr(1))}
                                : expanded(value.text, statement.place);
    }
    if (one.is_file && !one.value.empty()) {
        one.value =
            joined_path(folder_of(reading_.sources.at(statement.place.file).path), one.value);
    }
    settings_.all.push_back(std::move(one));
}

void DovecotIncluder::section(const Statement& statement, std::size_t depth) {
    const DovecotFilter outer_filter = filter_;
    const std::string outer_path = path_;
    const Place outer_section = section_;
    const std::string& type = statement.words.front().text;
    const std::string name = statement.words.size() > 1 ? statement.words[1].text : "";
    if (!filter_.protocol.empty() &&
        (type == "local_name" || type == "local" || type == "remote")) {
        reading_.fatal.push_back(
            {statement.place, fmt::format("Dovecot does not allow {} within protocol", type)}
        );
    }
    if (type == "protocol") {
        filter_.protocol = name;
    } else if (type == "local_name") {
        filter_.local_name = name;
    } else if (type == "local") {
        filter_.local = name;
    } else if (type == "remote") {
        filter_.remote = name;
    } else {
        path_ += type + "/" + (name.empty() ? "" : name + "/");
        if (type == "inet_listener") {
            settings_.listeners.push_back(statement.place);
            settings_.listener_paths.push_back(path_);
        }
    }
    section_ = statement.place;
    statements(statement.body, depth);
    filter_ = outer_filter;
    path_ = outer_path;
    section_ = outer_section;
}

bool protocol_matches(std::string_view filter, std::string_view protocol) {
    return filter.empty() ||
           (filter.starts_with('!') ? filter.substr(1) != protocol : filter == protocol);
}

std::optional<std::uint32_t> ipv4_of(std::string_view text) {
    std::uint32_t address = 0;
    const auto parts = split(text, '.');
    for (const std::string_view part : parts) {
        const auto number = number_in(part, 255);
        if (!number) {
            return std::nullopt;
        }
        address = (address << 8U) | *number;
    }
    return parts.size() == 4 ? std::optional{address} : std::nullopt;
}

/// `192.0.2.0/24`, `::1`; other nets of IPv6 are compared as texts.
bool net_has(std::string_view net, std::string_view address) {
    if (address.starts_with('[')) {
        address = address.substr(1, address.size() - 2);
    }
    const std::size_t slash = std::min(net.find('/'), net.size());
    const auto base = ipv4_of(net.substr(0, slash));
    const auto wanted = ipv4_of(address);
    if (!base || !wanted) {
        return net == address;
    }
    const std::uint32_t bits =
        slash == net.size() ? 32 : number_in(net.substr(slash + 1), 32).value_or(32);
    const std::uint32_t mask = bits == 0 ? 0 : ~std::uint32_t{0} << (32 - bits);
    return (*base & mask) == (*wanted & mask);
}

bool filter_matches(const DovecotFilter& filter, const DovecotClient& client) {
    // Whoever reaches a loopback address comes from there; others are not known.
    const bool loopback = client.address.starts_with("127.") || client.address == "[::1]";
    return protocol_matches(filter.protocol, client.protocol) &&
           (filter.local.empty() || net_has(filter.local, client.address)) &&
           (filter.remote.empty() || (loopback && net_has(filter.remote, client.address))) &&
           (filter.local_name.empty() ||
            (client.name && dovecot_name_matches(filter.local_name, *client.name)));
}

/// Tells whether everything that `outer` demands is demanded by `inner` as well.
bool is_within(const DovecotFilter& inner, const DovecotFilter& outer) {
    const auto same = [](const std::string& a, const std::string& b) {
        return b.empty() || a == b;
    };
    return same(inner.protocol, outer.protocol) && same(inner.local, outer.local) &&
           same(inner.remote, outer.remote) && same(inner.local_name, outer.local_name);
}

} // namespace

DovecotChoice DovecotSettings::choose(std::string_view path, const DovecotClient& client) const {
    DovecotChoice choice;
    for (const DovecotSetting& one : all) {
        if (one.path != path || !filter_matches(one.filter, client)) {
            continue;
        }
        if (choice.decides == nullptr || is_within(one.filter, choice.decides->filter)) {
            choice.decides = &one;
        } else if (!is_within(choice.decides->filter, one.filter)) {
            choice.conflicts = &one;
        }
    }
    return choice;
}

const DovecotSetting* DovecotSettings::global(std::string_view path) const {
    const DovecotSetting* found = nullptr;
    for (const DovecotSetting& one : all) {
        found = one.path == path && one.filter == DovecotFilter{} ? &one : found;
    }
    return found;
}

bool dovecot_name_matches(std::string_view names, std::string_view name) {
    for (const std::string_view one : split(names, ' ')) {
        const bool wildcard = one.starts_with("*.") && name.ends_with(one.substr(1)) &&
                              name.find('.') == name.size() - one.size() + 1;
        if (!one.empty() && (same_ignoring_case(one, name) || wildcard)) {
            return true;
        }
    }
    return false;
}

DovecotSettings read_dovecot_settings(const Input& input, Reading& reading, FileId file) {
    DovecotSettings settings;
    DovecotIncluder{input, reading, settings}.read(file, 0);
    return settings;
}

} // namespace tlsdoctor::config
