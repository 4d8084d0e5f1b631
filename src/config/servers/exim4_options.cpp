// SPDX-License-Identifier: Apache-2.0
// Reading Exim's main section; see the header. Rules measured on Exim 4.96.
#include "config/servers/exim4_options.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/listening.hpp"

namespace tlsdoctor::config {

namespace {

/// Every main option of Exim 4.96 on GnuTLS that concerns TLS.
constexpr std::string_view k_exim_options[] = {
    "tls_advertise_hosts",
    "tls_alpn",
    "tls_certificate",
    "tls_crl",
    "tls_dh_max_bits",
    "tls_dhparam",
    "tls_eccurve",
    "tls_ocsp_file",
    "tls_on_connect_ports",
    "tls_privatekey",
    "tls_remember_esmtp",
    "tls_require_ciphers",
    "tls_resumption_hosts",
    "tls_try_verify_hosts",
    "tls_verify_certificates",
    "tls_verify_hosts",
    "gnutls_allow_auto_pkcs11",
    "gnutls_compat_mode",
    "openssl_options",
    "daemon_smtp_ports",
    "daemon_smtp_port",
    "local_interfaces",
};

constexpr std::size_t k_longest_expansion = 1 << 20;

/// One `.ifdef` that is open.
struct EximCondition {
    bool holds{};    ///< this branch counts
    bool any_held{}; ///< an earlier branch did
    Place place{};
};

bool is_name_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_';
}

class EximReader {
public:
    EximReader(const Input& input, Reading& reading, EximOptions& options)
        : input_{input}, reading_{reading}, options_{options} {}

    void read_command();
    void read_file(FileId file, std::size_t depth);

private:
    void statement(const Statement& statement, std::size_t depth);
    bool directive(std::string_view text, Place place, std::size_t depth);
    void condition(std::string_view word, std::string_view rest, Place place);
    void include(std::string_view word, std::string_view rest, Place place, std::size_t depth);
    void macro(const Statement& statement);
    void option(const Statement& statement);
    std::string expanded(std::string text, std::vector<std::string>* used) const;
    bool counts() const {
        return std::ranges::all_of(conditions_, [](const EximCondition& one) { return one.holds; });
    }

    const Input& input_;
    Reading& reading_;
    EximOptions& options_;
    std::vector<EximCondition> conditions_{};
    bool ended_{};
};

/// `-DNAME=value` of the command line.
void EximReader::read_command() {
    for (const CommandWord& word : input_.start.options("-D")) {
        const std::size_t equals = std::min(word.text.find('='), word.text.size());
        const std::string name{trimmed(std::string_view{word.text}.substr(0, equals))};
        options_.macros[name] = {
            equals < word.text.size() ? word.text.substr(equals + 1) : "", word.place,
            value_in_word(reading_.sources, word)
        };
    }
}

/// Puts in macros wherever their names stand, as Exim does: also within words.
std::string EximReader::expanded(std::string text, std::vector<std::string>* used) const {
    for (const auto& [name, macro] : options_.macros) {
        std::size_t at = text.find(name);
        for (; at != text.npos && text.size() < k_longest_expansion;
             at = text.find(name, at + macro.value.size())) {
            text.replace(at, name.size(), macro.value);
            if (used != nullptr && std::ranges::find(*used, name) == used->end()) {
                used->push_back(name);
            }
        }
    }
    return text;
}

void EximReader::condition(std::string_view word, std::string_view rest, Place place) {
    const bool defined = options_.macros.contains(std::string{rest}) || rest.starts_with("_");
    if (word == ".ifdef" || word == ".ifndef") {
        const bool holds = defined == (word == ".ifdef");
        conditions_.push_back({holds, holds, place});
        return;
    }
    if (conditions_.empty()) {
        reading_.fatal.push_back({place, "there is no .ifdef to this"});
        return;
    }
    EximCondition& open = conditions_.back();
    if (word == ".endif") {
        conditions_.pop_back();
        return;
    }
    const bool wanted = word == ".else" || defined == (word == ".elifdef");
    open.holds = wanted && !open.any_held;
    open.any_held = open.any_held || open.holds;
    open.place = place;
}

void EximReader::include(
    std::string_view word, std::string_view rest, Place place, std::size_t depth
) {
    const std::string path =
        joined_path(folder_of(input_.main), expanded(std::string{rest}, nullptr));
    if (depth >= k_most_include_depth) {
        reading_.fatal.push_back({place, "includes are nested too deeply"});
        return;
    }
    if (const auto file = open_source(input_, reading_, path)) {
        read_file(*file, depth + 1);
    } else if (word == ".include") {
        reading_.fatal.push_back({place, "the included file cannot be read"});
    }
}

/// Lines that begin with a dot; false where it is none of them.
bool EximReader::directive(std::string_view text, Place place, std::size_t depth) {
    if (!text.starts_with('.')) {
        return false;
    }
    const std::size_t blank = std::min(text.find_first_of(" \t"), text.size());
    const std::string_view word = text.substr(0, blank);
    const std::string_view rest = trimmed(text.substr(blank));
    if (word == ".include" || word == ".include_if_exists") {
        if (counts()) {
            include(word, rest, place, depth);
        }
        return true;
    }
    condition(word, rest.substr(0, rest.find_first_of(" \t")), place);
    return true;
}

void EximReader::macro(const Statement& statement) {
    EximMacro macro{
        .value = std::string{value_of(statement)},
        .statement = statement.place,
        .value_place = values_of(statement)
    };
    if (macro.value.starts_with('=')) {
        const std::size_t blanks =
            std::min(macro.value.find_first_not_of(" \t", 1), macro.value.size());
        macro.value.erase(0, blanks);
        macro.value_place.begin = std::min(macro.value_place.begin + blanks, macro.value_place.end);
    }
    macro.value = expanded(macro.value, nullptr);
    options_.macros[statement.words.front().text] = std::move(macro);
}

void EximReader::option(const Statement& statement) {
    std::string_view name = statement.words.front().text;
    if (name.starts_with("hide ")) {
        name = trimmed(name.substr(5));
    }
    const bool known = std::ranges::find(k_exim_options, name) != std::end(k_exim_options);
    const bool concerns =
        name.starts_with("tls_") || name.starts_with("gnutls_") || name.starts_with("openssl_");
    if (!known) {
        if (concerns && counts()) {
            reading_.fatal.push_back({statement.place, "Exim does not know this option"});
        }
        return;
    }
    Setting setting{
        .name = std::string{name}, .statement = statement.place, .value_place = values_of(statement)
    };
    std::vector<std::string> used;
    setting.value = expanded(std::string{value_of(statement)}, &used);
    if (!counts()) {
        setting.ignored = fmt::format(
            "a condition leaves it out, {}", reading_.sources.where(conditions_.back().place)
        );
    } else if (options_.settings.find(name) != nullptr) {
        reading_.fatal.push_back({statement.place, "Exim refuses an option that is set twice"});
    } else {
        options_.used[setting.name] = std::move(used);
    }
    options_.settings.add(std::move(setting));
}

void EximReader::statement(const Statement& statement, std::size_t depth) {
    const std::string_view name = statement.words.front().text;
    if (directive(reading_.sources.text(statement.place), statement.place, depth)) {
        return;
    }
    if (name.starts_with("begin ") || name.starts_with("begin\t")) {
        ended_ = ended_ || counts();
        options_.begin = ended_ ? statement.place : options_.begin;
        return;
    }
    const bool upper = name.front() >= 'A' && name.front() <= 'Z';
    const bool plain = std::ranges::all_of(name, is_name_byte);
    if (upper && plain && statement.words.size() > 1) {
        if (counts()) {
            macro(statement);
        }
        return;
    }
    option(statement);
}

void EximReader::read_file(FileId file, std::size_t depth) {
    const Document document = read_key_value(reading_.sources, file, k_exim_dialect);
    const std::size_t outer = conditions_.size();
    for (const Statement& one : document.statements) {
        if (!one.words.empty() && !one.words.front().text.empty()) {
            statement(one, depth);
        }
        if (ended_) {
            return;
        }
    }
    for (const Remark& fault : document.faults) {
        reading_.not_understood.push_back(fault);
    }
    conditions_.resize(std::min(outer, conditions_.size()));
}

} // namespace

EximOptions read_exim_options(const Input& input, Reading& reading, FileId file) {
    EximOptions options;
    const std::size_t size = reading.sources.at(file).bytes.size();
    options.begin = {file, size, size};
    EximReader reader{input, reading, options};
    reader.read_command();
    reader.read_file(file, 0);
    return options;
}

std::vector<std::string> exim_list(std::string_view text) {
    text = trimmed(text);
    char separator = ':';
    if (text.size() > 1 && text.front() == '<') {
        separator = text[1];
        text.remove_prefix(2);
    }
    std::vector<std::string> items;
    std::string item;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const bool at_separator = i < text.size() && text[i] == separator;
        if (at_separator && i + 1 < text.size() && text[i + 1] == separator) {
            item += separator;
            ++i;
        } else if (at_separator || i == text.size()) {
            if (const std::string_view inner = trimmed(item); !inner.empty()) {
                items.emplace_back(inner);
            }
            item.clear();
        } else {
            item += text[i];
        }
    }
    return items;
}

} // namespace tlsdoctor::config
