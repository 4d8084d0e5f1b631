// SPDX-License-Identifier: Apache-2.0
// Squid: https_port (and http_port that ends TLS in accel mode never does); every port has its own
// options. tls_outgoing_options, cache_peer and sslproxy_* are Squid as a client.
#include <algorithm>
#include <iterator>
#include <optional>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/missing_file.hpp"
#include "config/openssl_suites.hpp"
#include "config/servers/servers.hpp"
#include "config/syntax/key_value.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_squid_files[] = {"squid.conf"};
constexpr std::string_view k_squid_places[] = {"/etc/squid/squid.conf"};
constexpr VersionSet k_squid_all =
    VersionSet::range(ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_3);

struct SquidFlag {
    std::string_view name;
    ProtocolVersion version;
};
constexpr SquidFlag k_squid_flags[] = {
    {"NO_SSLv3", ProtocolVersion::ssl_3_0},   {"NO_TLSv1", ProtocolVersion::tls_1_0},
    {"NO_TLSv1_1", ProtocolVersion::tls_1_1}, {"NO_TLSv1_2", ProtocolVersion::tls_1_2},
    {"NO_TLSv1_3", ProtocolVersion::tls_1_3},
};
constexpr std::string_view k_squid_minimums[] = {"1.0", "1.1", "1.2", "1.3"};

/// Words of `options=` with commas or colons; those about versions are written anew, others stay.
std::string squid_options(std::string_view old, VersionSet excluded) {
    std::vector<std::string> words;
    std::string separator = old.contains(',') || !old.contains(':') ? "," : ":";
    for (const std::string_view word : split(old, separator[0])) {
        if (std::ranges::find(k_squid_flags, word, &SquidFlag::name) == std::end(k_squid_flags)) {
            words.emplace_back(word);
        }
    }
    std::string text;
    for (const SquidFlag& flag : k_squid_flags) {
        if (excluded.has(flag.version)) {
            text += (text.empty() ? "" : separator) + std::string{flag.name};
        }
    }
    for (const std::string& word : words) {
        text += (text.empty() || word.empty() ? "" : separator) + word;
    }
    return text;
}

/// Writes all words behind the address anew: a minimum, and what is left out above it.
std::optional<std::string> rewrite_squid_port(std::string_view old, VersionSet wanted) {
    if (wanted.empty()) {
        return std::nullopt;
    }
    const auto from =
        wanted.lowest() < ProtocolVersion::tls_1_0 ? ProtocolVersion::tls_1_0 : wanted.lowest();
    const VersionSet excluded = VersionSet::range(from, ProtocolVersion::tls_1_3) - wanted;
    const auto number = static_cast<int>(from) - static_cast<int>(ProtocolVersion::tls_1_0);
    std::string text;
    bool minimum = false;
    bool options = false;
    for (const std::string_view word : split(old, ' ')) {
        std::string next{word};
        if (word.starts_with("tls-min-version=")) {
            next = fmt::format("tls-min-version=1.{}", number);
            minimum = true;
        } else if (word.starts_with("options=")) {
            const std::string list = squid_options(word.substr(8), excluded);
            next = list.empty() ? "" : "options=" + list;
            options = true;
        } else if (word.starts_with("version=")) {
            next.clear();
        }
        text += (text.empty() || next.empty() ? "" : " ") + next;
    }
    // Without a minimum all that the library can do is there.
    if (!minimum && from > ProtocolVersion::tls_1_2) {
        text += fmt::format(" tls-min-version=1.{}", number);
    }
    if (!options && !excluded.empty()) {
        text += " options=" + squid_options("", excluded);
    }
    return text;
}

class SquidReader {
public:
    SquidReader(const Input& input, Reading& reading) : input_{input}, reading_{reading} {}

    void read() {
        const auto given = input_.start.option("-f");
        read_file(given ? joined_path(input_.start.folder, given->text) : input_.main, {}, 0);
        for (Service& service : reading_.services) {
            service.lines.insert(service.lines.end(), client_.begin(), client_.end());
        }
    }

private:
    void read_file(const std::string& path, Place from, std::size_t depth);
    void read_statement(const Statement& statement, std::size_t depth);
    void read_include(const Statement& statement, std::size_t depth);
    void read_port(const Statement& statement, bool tls);
    void take_option(const Word& word, Service& service);
    void take_minimum(std::string_view value, const Word& word, Service& service);
    void take_options(std::string_view value, const Word& word, Service& service);
    void take_version(std::string_view value, const Word& word, Service& service);
    void fatal(Place place, std::string what) {
        reading_.fatal.push_back({place, std::move(what)});
    }

    const Input& input_;
    Reading& reading_;
    std::vector<Line> client_{}; ///< lines for Squid as a client
    std::size_t files_{};
    bool versions_{};
};

void SquidReader::read_file(const std::string& path, Place from, std::size_t depth) {
    auto bytes = input_.files.read(path);
    if (!bytes || depth > k_most_include_depth || ++files_ > k_most_files) {
        fatal(
            from, fmt::format(
                      "{}: {}", harmless(path), bytes ? "included too deeply" : bytes.error().what
                  )
        );
        return;
    }
    const FileId file = reading_.sources.add(input_.files.real_path(path), std::move(*bytes));
    const Document document = read_key_value(reading_.sources, file, k_squid_dialect);
    for (const Statement& statement : document.statements) {
        read_statement(statement, depth);
    }
}

void SquidReader::read_include(const Statement& statement, std::size_t depth) {
    for (std::size_t i = 1; i < statement.words.size(); ++i) {
        const std::string path = joined_path(folder_of(input_.main), statement.words[i].text);
        if (!is_pattern(path)) {
            read_file(path, statement.place, depth + 1);
            continue;
        }
        for (const std::string& one : matches_of(input_.files, path)) {
            read_file(one, statement.place, depth + 1);
        }
    }
}

void SquidReader::read_statement(const Statement& statement, std::size_t depth) {
    const std::string& key = statement.words[0].text;
    if (key == "include") {
        read_include(statement, depth);
    } else if (key == "https_port" || key == "http_port") {
        read_port(statement, key == "https_port");
    } else if (key == "tls_outgoing_options" || key.starts_with("sslproxy_")) {
        client_.push_back(
            {statement.place, values_of(statement), Aspect::other, Role::inert,
             "for Squid as a client"}
        );
    } else if (key == "cache_peer") {
        const bool tls = std::ranges::any_of(statement.words, [](const Word& word) {
            return word.text == "ssl" || word.text == "tls" || word.text.starts_with("tls-") ||
                   word.text.starts_with("ssl");
        });
        if (tls) {
            client_.push_back(
                {statement.place, values_of(statement), Aspect::other, Role::inert,
                 "for Squid as a client of this peer"}
            );
        }
    } else if (key == "if") {
        reading_.not_understood.push_back({statement.place, "both branches of `if` are taken"});
    }
}

void SquidReader::take_minimum(std::string_view value, const Word& word, Service& service) {
    const auto known = std::ranges::find(k_squid_minimums, value);
    if (known == std::end(k_squid_minimums)) {
        reading_.warnings.push_back({word.place, "Squid knows 1.0, 1.1, 1.2 and 1.3 here"});
        return;
    }
    const auto above = static_cast<std::uint16_t>(known - std::begin(k_squid_minimums));
    const auto from = static_cast<ProtocolVersion>(static_cast<std::uint16_t>(0x0301 + above));
    service.enabled = service.enabled & VersionSet::range(from, ProtocolVersion::tls_1_3);
    versions_ = true;
}

void SquidReader::take_options(std::string_view value, const Word& word, Service& service) {
    const char separator = value.contains(',') || !value.contains(':') ? ',' : ':';
    for (std::string_view name : split(value, separator)) {
        const bool kept = name.starts_with('-') || name.starts_with('!');
        name.remove_prefix(kept || name.starts_with('+') ? 1 : 0);
        const auto flag = std::ranges::find(k_squid_flags, name, &SquidFlag::name);
        if (flag != std::end(k_squid_flags)) {
            if (kept) {
                service.enabled.add(flag->version);
            } else {
                service.enabled.remove(flag->version);
            }
            versions_ = true;
        } else if (name.starts_with("NO_TLS") || name.starts_with("NO_SSL")) {
            if (name != "NO_SSLv2") {
                reading_.warnings.push_back(
                    {word.place, fmt::format("Squid passes over the option `{}`", harmless(name))}
                );
            }
        }
    }
}

/// The old `version=N`: 3 to 6 are one version each.
void SquidReader::take_version(std::string_view value, const Word& word, Service& service) {
    const auto number = number_in(value, 6);
    reading_.warnings.push_back(
        {word.place, "`version=` is an old option; tls-min-version= and options= are meant"}
    );
    if (number && *number >= 3) {
        const auto only =
            static_cast<ProtocolVersion>(static_cast<std::uint16_t>(0x0300 + *number - 3));
        service.enabled = service.enabled & VersionSet{only};
        versions_ = true;
    }
}

void SquidReader::take_option(const Word& word, Service& service) {
    const std::size_t equals = word.text.find('=');
    const std::string name = word.text.substr(0, equals);
    const std::string value = equals == word.text.npos ? "" : word.text.substr(equals + 1);
    const Place place{word.place.file, word.place.end - value.size(), word.place.end};
    if (name == "tls-min-version") {
        take_minimum(value, word, service);
    } else if (name == "options") {
        take_options(value, word, service);
    } else if (name == "version") {
        take_version(value, word, service);
    } else if (name == "cipher") {
        service.ciphers = value;
        service.default_ciphers = false;
        service.lines.push_back({{}, place, Aspect::ciphers, Role::effective});
        if (const auto refused = refusal_of_ciphers(input_.knowledge, value)) {
            fatal(word.place, *refused);
        }
    } else if (name == "tls-dh" || name == "dhparams") {
        const std::size_t colon = value.find(':');
        // Measured with 5.7 on OpenSSL 3: no DHE suite comes of the file, ECDHE of the curve does.
        service.dh_parameters = older(input_.library_version, "3.0");
        if (name == "tls-dh" && colon != value.npos) {
            service.groups = value.substr(0, colon);
            service.lines.push_back({{}, place, Aspect::groups, Role::effective});
        }
    } else if (name == "tls-cert" || name == "cert") {
        const std::string path = joined_path(folder_of(input_.main), value);
        note_missing_file(input_, reading_, path, word.place);
        service.certificates.push_back(input_.files.real_path(path));
    }
}

void SquidReader::read_port(const Statement& statement, bool tls) {
    if (statement.words.size() < 2) {
        fatal(statement.place, "a port is missing");
        return;
    }
    const std::string& text = statement.words[1].text;
    const std::size_t colon = text.rfind(':');
    const std::string host = colon == text.npos ? "0.0.0.0" : text.substr(0, colon);
    const std::string port = colon == text.npos ? text : text.substr(colon + 1);
    Service service{
        .address = fmt::format("{}:{}", host, port),
        .otherwise = k_squid_all,
        .enabled = k_squid_all
    };
    const Place options{
        statement.place.file,
        statement.words[std::min<std::size_t>(2, statement.words.size() - 1)].place.begin,
        statement.place.end
    };
    const bool bumps = std::ranges::any_of(statement.words, [](const Word& word) {
        return word.text == "ssl-bump";
    });
    versions_ = false;
    if (!tls) {
        service.door = Door::plain;
        service.lines.push_back(
            {statement.place, options, Aspect::listen, Role::effective,
             bumps ? "clear text; TLS is spoken inside CONNECT only" : "http_port speaks clear text"
            }
        );
    } else {
        for (std::size_t i = 2; i < statement.words.size(); ++i) {
            take_option(statement.words[i], service);
        }
        if (service.certificates.empty()) {
            fatal(statement.place, "https_port needs tls-cert=");
        }
        for (Line& line : service.lines) {
            line.statement = statement.place;
        }
        Line line{
            statement.place, options, versions_ ? Aspect::versions : Aspect::listen, Role::effective
        };
        line.rewrite = statement.words.size() > 2 ? rewrite_squid_port : nullptr;
        service.lines.push_back(std::move(line));
    }
    reading_.services.push_back(service);
    service.sni = "*";
    reading_.services.push_back(service);
    if (colon == text.npos) {
        service.address = fmt::format("[::]:{}", port);
        reading_.services.push_back(service);
        service.sni = std::nullopt;
        reading_.services.push_back(std::move(service));
    }
}

void read_squid(const Input& input, Reading& reading) {
    SquidReader{input, reading}.read();
}

} // namespace

const Server& squid_server() {
    static constexpr Server row{
        .name = "squid",
        .product = "Squid",
        .library = Library::openssl,
        .version = "5.7",
        .main_files = k_squid_files,
        .places = k_squid_places,
        .read = read_squid,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
