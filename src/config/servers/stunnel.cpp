// SPDX-License-Identifier: Apache-2.0
// stunnel: options before the first section are the defaults of all services. A section with `sni`
// and without `accept` belongs to a name of another one, and gives it a certificate, no versions.
#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/missing_file.hpp"
#include "config/openssl_policy.hpp"
#include "config/openssl_suites.hpp"
#include "config/servers/servers.hpp"
#include "config/syntax/key_value.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_stunnel_files[] = {"stunnel.conf"};
constexpr std::string_view k_stunnel_places[] = {"/etc/stunnel/stunnel.conf"};
constexpr std::string_view k_stunnel_suites = "HIGH:!aNULL:!SSLv2:!DH:!kDHEPSK"; ///< 5.68
constexpr std::string_view k_stunnel_groups = "X25519:P-256:X448:P-521:P-384";
constexpr int k_stunnel_level = 2;

/// An option with its value.
struct StunnelOption {
    std::string text{};
    Place statement{};
    Place value{};
};

/// A service, or the defaults.
struct StunnelService {
    std::string name{};
    Place statement{};
    std::map<std::string, StunnelOption> options{}; ///< lower case; the last one counts
    std::vector<std::pair<std::string, StunnelOption>> repeated{
    }; ///< `options`, `config`: all count
    std::vector<StunnelOption> overridden{}; ///< the same option comes again
};

struct StunnelVersion {
    std::string_view name;
    ProtocolVersion version;
};
constexpr StunnelVersion k_stunnel_versions[] = {
    {"SSLv3", ProtocolVersion::ssl_3_0},   {"TLSv1", ProtocolVersion::tls_1_0},
    {"TLSv1.1", ProtocolVersion::tls_1_1}, {"TLSv1.2", ProtocolVersion::tls_1_2},
    {"TLSv1.3", ProtocolVersion::tls_1_3},
};
/// Names of `options =` about versions, as in OpenSSL's SSL_OP_ names.
constexpr StunnelVersion k_stunnel_flags[] = {
    {"NO_SSLv2", ProtocolVersion::ssl_2_0},   {"NO_SSLv3", ProtocolVersion::ssl_3_0},
    {"NO_TLSv1", ProtocolVersion::tls_1_0},   {"NO_TLSv1_1", ProtocolVersion::tls_1_1},
    {"NO_TLSv1_2", ProtocolVersion::tls_1_2}, {"NO_TLSv1_3", ProtocolVersion::tls_1_3},
};
constexpr std::string_view k_stunnel_other_flags[] = {
    "ALL",
    "ALLOW_CLIENT_RENEGOTIATION",
    "ALLOW_NO_DHE_KEX",
    "ALLOW_UNSAFE_LEGACY_RENEGOTIATION",
    "CIPHER_SERVER_PREFERENCE",
    "CISCO_ANYCONNECT",
    "CLEANSE_PLAINTEXT",
    "COOKIE_EXCHANGE",
    "CRYPTOPRO_TLSEXT_BUG",
    "DISABLE_TLSEXT_CA_NAMES",
    "DONT_INSERT_EMPTY_FRAGMENTS",
    "ENABLE_KTLS",
    "ENABLE_MIDDLEBOX_COMPAT",
    "EPHEMERAL_RSA",
    "IGNORE_UNEXPECTED_EOF",
    "LEGACY_SERVER_CONNECT",
    "MICROSOFT_BIG_SSLV3_BUFFER",
    "MICROSOFT_SESS_ID_BUG",
    "MSIE_SSLV2_RSA_PADDING",
    "NETSCAPE_CA_DN_BUG",
    "NETSCAPE_CHALLENGE_BUG",
    "NETSCAPE_DEMO_CIPHER_CHANGE_BUG",
    "NETSCAPE_REUSE_CIPHER_CHANGE_BUG",
    "NO_ANTI_REPLAY",
    "NO_COMPRESSION",
    "NO_DTLSv1",
    "NO_DTLSv1_2",
    "NO_ENCRYPT_THEN_MAC",
    "NO_EXTENDED_MASTER_SECRET",
    "NO_QUERY_MTU",
    "NO_RENEGOTIATION",
    "NO_SESSION_RESUMPTION_ON_RENEGOTIATION",
    "NO_TICKET",
    "PKCS1_CHECK_1",
    "PKCS1_CHECK_2",
    "PRIORITIZE_CHACHA",
    "SAFARI_ECDHE_ECDSA_BUG",
    "SINGLE_DH_USE",
    "SINGLE_ECDH_USE",
    "SSLEAY_080_CLIENT_DH_BUG",
    "SSLREF2_REUSE_CERT_TYPE_BUG",
    "TLSEXT_PADDING",
    "TLS_BLOCK_PADDING_BUG",
    "TLS_D5_BUG",
    "TLS_ROLLBACK_BUG",
};
constexpr std::pair<std::string_view, std::string_view> k_stunnel_protocols[] = {
    {"imap", "imap"}, {"pop3", "pop3"}, {"smtp", "smtp"}, {"pgsql", "postgres"}, {"nntp", "nntp"},
};

template <std::size_t N>
const StunnelVersion* stunnel_version(const StunnelVersion (&table)[N], std::string_view name) {
    const auto found = std::ranges::find_if(table, [&](const StunnelVersion& one) {
        return same_ignoring_case(one.name, name);
    });
    return found == std::end(table) ? nullptr : &*found;
}

std::optional<std::string> stunnel_minimum(std::string_view, VersionSet wanted) {
    return wanted.empty() ? std::nullopt
                          : std::optional{std::string{openssl_name(wanted.lowest())}};
}
std::optional<std::string> stunnel_maximum(std::string_view, VersionSet wanted) {
    return wanted.empty() ? std::nullopt
                          : std::optional{std::string{openssl_name(wanted.highest())}};
}
/// `sslVersion` can say one version, or all.
std::optional<std::string> stunnel_single(std::string_view, VersionSet wanted) {
    if (wanted.empty()) {
        return std::nullopt;
    }
    const bool one = wanted.lowest() == wanted.highest();
    return one ? std::string{openssl_name(wanted.lowest())} : "all";
}

class StunnelReader {
public:
    StunnelReader(const Input& input, Reading& reading) : input_{input}, reading_{reading} {}
    void read();

private:
    void read_file(const std::string& path, Place from, std::size_t depth);
    void read_include(const Statement& statement, std::size_t depth);
    void take(const Statement& statement, StunnelService& service);
    const StunnelOption* option(const StunnelService& service, const std::string& key) const;
    std::string address(const StunnelOption& accept) const;
    void serve(const StunnelService& own);
    void serve_names(const StunnelService& master, const Service& like);
    void
    serve_plain(const StunnelService& own, const std::string& address, const StunnelOption& accept);
    void judge_versions(const StunnelService& own, Service& service);
    std::optional<ProtocolVersion>
    bound(const StunnelService& own, const std::string& key, Rewrite rewrite, Service& service);
    void take_flags(const StunnelService& from, Service& service);
    void take_flag(const StunnelOption& flag, Service& service);
    void take_texts(const StunnelService& own, Service& service);
    void take_certificate(const StunnelService& own, Service& service);
    void add_insertions(const StunnelService& own, Service& service) const;
    void fatal(Place place, std::string what) {
        reading_.fatal.push_back({place, std::move(what)});
    }

    const Input& input_;
    Reading& reading_;
    StunnelService defaults_{};
    std::vector<StunnelService> services_{};
    std::size_t files_{};
};

/// The service's own option, else the default.
const StunnelOption*
StunnelReader::option(const StunnelService& service, const std::string& key) const {
    if (const auto own = service.options.find(key); own != service.options.end()) {
        return &own->second;
    }
    const auto found = defaults_.options.find(key);
    return found == defaults_.options.end() ? nullptr : &found->second;
}

void StunnelReader::take(const Statement& statement, StunnelService& service) {
    const std::string key = lower(statement.words[0].text);
    StunnelOption option{std::string{value_of(statement)}, statement.place, values_of(statement)};
    if (key == "options" || key == "config") {
        service.repeated.emplace_back(key, std::move(option));
        return;
    }
    const bool doubtful = key.starts_with("ssl") || key.starts_with("tls") ||
                          key.starts_with("min") || key.starts_with("proto");
    constexpr std::string_view k_known[] = {
        "sslversion",      "sslversionmin",          "sslversionmax",
        "protocol",        "protocolauthentication", "protocoldomain",
        "protocolheader",  "protocolhost",           "protocolpassword",
        "protocolusername"
    };
    if (doubtful && std::ranges::find(k_known, key) == std::end(k_known)) {
        fatal(statement.place, fmt::format("stunnel knows no option `{}`", harmless(key)));
        return;
    }
    const auto known = service.options.find(key);
    if (known != service.options.end()) {
        service.overridden.push_back(known->second);
    }
    service.options[key] = std::move(option);
}

void StunnelReader::read_include(const Statement& statement, std::size_t depth) {
    const std::string folder = joined_path(folder_of(input_.main), value_of(statement));
    const auto names = input_.files.names_in(folder);
    if (!names) {
        fatal(statement.place, fmt::format("{}: {}", harmless(folder), names.error().what));
        return;
    }
    for (const std::string& name : *names) {
        const std::string path = fmt::format("{}/{}", folder, name);
        if (input_.files.kind_of(path) == FileKind::file) {
            read_file(path, statement.place, depth + 1);
        }
    }
}

void StunnelReader::read_file(const std::string& path, Place from, std::size_t depth) {
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
    const Document document = read_key_value(reading_.sources, file, k_stunnel_dialect);
    for (const Remark& fault : document.faults) {
        fatal(fault.place, fault.what);
    }
    const auto read_one = [&](const Statement& statement) {
        if (same_ignoring_case(statement.words[0].text, "include")) {
            read_include(statement, depth);
        } else {
            take(statement, services_.empty() ? defaults_ : services_.back());
        }
    };
    for (const Statement& statement : document.statements) {
        if (!statement.section) {
            read_one(statement);
            continue;
        }
        services_.push_back({.name = statement.words[0].text, .statement = statement.place});
        std::ranges::for_each(statement.body, read_one);
    }
}

void StunnelReader::read() {
    std::string main = input_.main;
    const auto& words = input_.start.words;
    if (words.size() > 1 && !words.back().text.starts_with('-')) {
        main = joined_path(input_.start.folder, words.back().text);
    }
    read_file(input_.files.kind_of(main) == FileKind::file ? main : input_.main, {}, 0);
    if (services_.empty() && defaults_.options.contains("accept")) {
        services_.push_back({.name = "", .statement = defaults_.options["accept"].statement});
    }
    for (std::size_t i = 0; i < services_.size() && i < k_most_files; ++i) {
        serve(services_[i]);
    }
}

/// `[host:]port`; without a host all addresses of IPv4.
std::string StunnelReader::address(const StunnelOption& accept) const {
    const std::size_t colon = accept.text.rfind(':');
    const std::string port = accept.text.substr(colon == accept.text.npos ? 0 : colon + 1);
    std::string host = colon == accept.text.npos ? "" : accept.text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    if (host == "localhost") {
        host = "127.0.0.1";
    } else if (host.empty() && colon != accept.text.npos) {
        host = "::";
    }
    return host.empty()         ? "0.0.0.0:" + port
           : host.contains(':') ? fmt::format("[{}]:{}", host, port)
                                : fmt::format("{}:{}", host, port);
}

std::optional<ProtocolVersion> StunnelReader::bound(
    const StunnelService& own, const std::string& key, Rewrite rewrite, Service& service
) {
    const StunnelOption* const found = option(own, key);
    if (found == nullptr) {
        return std::nullopt;
    }
    const StunnelVersion* const version = stunnel_version(k_stunnel_versions, found->text);
    if (version == nullptr && !same_ignoring_case(found->text, "all")) {
        fatal(
            found->statement, "stunnel knows all, SSLv3, TLSv1, TLSv1.1, TLSv1.2 and TLSv1.3 here"
        );
    }
    service.lines.push_back(
        {found->statement, found->value, Aspect::versions, Role::effective, "", rewrite}
    );
    // `all` sets no bound, and is none of OpenSSL's either.
    return version == nullptr ? ProtocolVersion::none : version->version;
}

void StunnelReader::take_flag(const StunnelOption& flag, Service& service) {
    std::string_view name = flag.text;
    const bool clears = name.starts_with('-');
    name.remove_prefix(clears ? 1 : 0);
    const StunnelVersion* const version = stunnel_version(k_stunnel_flags, name);
    if (version == nullptr) {
        const bool known = std::ranges::any_of(k_stunnel_other_flags, [&](std::string_view one) {
            return same_ignoring_case(one, name);
        });
        if (!known) {
            fatal(flag.statement, fmt::format("`{}` is no option of OpenSSL", harmless(name)));
        }
        return;
    }
    const bool changes = service.enabled.has(version->version) != clears;
    if (clears) {
        service.enabled.add(version->version);
    } else {
        service.enabled.remove(version->version);
    }
    const bool old = version->version <= ProtocolVersion::ssl_3_0;
    Line line{
        flag.statement, flag.value, Aspect::versions,
        changes && !old ? Role::effective : Role::inert
    };
    if (line.role == Role::inert) {
        line.why = "that version is not enabled anyway";
    }
    service.lines.push_back(std::move(line));
}

void StunnelReader::take_flags(const StunnelService& from, Service& service) {
    for (const auto& [key, flag] : from.repeated) {
        if (key == "options") {
            take_flag(flag, service);
            continue;
        }
        const std::size_t colon = flag.text.find(':');
        const std::string command = lower(flag.text.substr(0, colon));
        const std::string value = colon == flag.text.npos ? "" : flag.text.substr(colon + 1);
        if (command == "cipherstring") {
            service.ciphers = value;
            service.default_ciphers = false;
            service.lines.push_back({flag.statement, flag.value, Aspect::ciphers, Role::effective});
        }
        const bool minimum = command == "minprotocol";
        if (minimum || command == "maxprotocol" || command == "protocol") {
            service.enabled = service.enabled & (minimum                 ? at_least(value)
                                                 : command == "protocol" ? protocols_in(value)
                                                                         : at_most(value));
            service.lines.push_back({flag.statement, flag.value, Aspect::versions, Role::effective}
            );
        }
    }
}

void StunnelReader::judge_versions(const StunnelService& own, Service& service) {
    const auto single = bound(own, "sslversion", stunnel_single, service);
    auto lowest = single;
    auto highest = single;
    if (!single) {
        lowest = bound(own, "sslversionmin", stunnel_minimum, service);
        highest = bound(own, "sslversionmax", stunnel_maximum, service);
    }
    service.sets_minimum = lowest.has_value();
    const auto or_else = [](std::optional<ProtocolVersion> version, ProtocolVersion otherwise) {
        return version && *version != ProtocolVersion::none ? *version : otherwise;
    };
    const ProtocolVersion from = or_else(lowest, ProtocolVersion::tls_1_0);
    const ProtocolVersion to = or_else(highest, ProtocolVersion::tls_1_3);
    service.enabled = VersionSet::range(from, to);
    if (from > to) {
        fatal(option(own, "sslversionmin")->statement, "sslVersionMin is above sslVersionMax");
    }
    service.otherwise = VersionSet::range(ProtocolVersion::tls_1_0, ProtocolVersion::tls_1_3);
    take_flags(defaults_, service);
    take_flags(own, service);
    for (const StunnelOption& old : own.overridden) {
        service.lines.push_back(
            {old.statement, old.value, Aspect::other, Role::inert,
             "the same option comes again below"}
        );
    }
    for (const char* const key : {"sslversion", "sslversionmin", "sslversionmax"}) {
        const auto above = defaults_.options.find(key);
        if (above != defaults_.options.end() && own.options.contains(key)) {
            service.lines.push_back(
                {above->second.statement, above->second.value, Aspect::versions, Role::inert,
                 "the service sets it itself"}
            );
        }
    }
}

void StunnelReader::take_texts(const StunnelService& own, Service& service) {
    const auto text = [&](const char* key, Aspect aspect, std::string& into) {
        const StunnelOption* const found = option(own, key);
        if (found == nullptr) {
            return false;
        }
        into = found->text;
        service.lines.push_back({found->statement, found->value, aspect, Role::effective});
        return true;
    };
    service.ciphers = k_stunnel_suites;
    service.default_ciphers = !text("ciphers", Aspect::ciphers, service.ciphers);
    if (!service.default_ciphers) {
        if (const auto refused = refusal_of_ciphers(input_.knowledge, service.ciphers)) {
            fatal(option(own, "ciphers")->statement, *refused);
        }
    }
    text("ciphersuites", Aspect::ciphersuites, service.ciphersuites);
    service.groups = k_stunnel_groups;
    if (!text("curves", Aspect::groups, service.groups)) {
        text("curve", Aspect::groups, service.groups);
    }
    std::string level;
    service.security_level = k_stunnel_level;
    if (text("securitylevel", Aspect::security_level, level)) {
        const auto number = number_in(level, 5);
        if (!number) {
            fatal(
                option(own, "securitylevel")->statement, "a security level is a number from 0 to 5"
            );
        }
        service.security_level = static_cast<int>(number.value_or(2));
    }
    service.dh_parameters = true; // its own, where the certificate's file has none
}

void StunnelReader::take_certificate(const StunnelService& own, Service& service) {
    const StunnelOption* const file = option(own, "cert");
    if (file == nullptr) {
        if (option(own, "psksecrets") == nullptr && option(own, "ciphers") == nullptr) {
            fatal(own.statement, "a TLS server needs a certificate: `cert = FILE`");
        }
        return;
    }
    const std::string path = joined_path(folder_of(input_.main), file->text);
    note_missing_file(input_, reading_, path, file->statement);
    service.certificates = {input_.files.real_path(path)};
}

void StunnelReader::add_insertions(const StunnelService& own, Service& service) const {
    if (own.statement.begin == own.statement.end || option(own, "sslversion") != nullptr) {
        return;
    }
    const auto accept = own.options.find("accept");
    const Place after = accept == own.options.end() ? own.statement : accept->second.statement;
    if (option(own, "sslversionmin") == nullptr) {
        service.insertions.push_back({after, false, "sslVersionMin = {}", stunnel_minimum});
    }
    if (option(own, "sslversionmax") == nullptr) {
        service.insertions.push_back({after, false, "sslVersionMax = {}", stunnel_maximum});
    }
}

void StunnelReader::serve_plain(
    const StunnelService& own, const std::string& address, const StunnelOption& accept
) {
    Service service{.address = address, .door = Door::plain};
    service.lines.push_back(
        {accept.statement, accept.value, Aspect::listen, Role::effective,
         "client = yes: it takes clear text here and speaks TLS as a client"}
    );
    for (const char* const key : {"sslversion", "sslversionmin", "sslversionmax"}) {
        if (const StunnelOption* const found = option(own, key)) {
            service.lines.push_back(
                {found->statement, found->value, Aspect::versions, Role::inert,
                 "for stunnel as a client"}
            );
        }
    }
    reading_.services.push_back(service);
    service.sni = "*";
    reading_.services.push_back(std::move(service));
}

void StunnelReader::serve(const StunnelService& own) {
    const StunnelOption* const accept = option(own, "accept");
    if (accept == nullptr) {
        return; // a section for a name, or one that a super-server starts
    }
    const std::string where = address(*accept);
    const StunnelOption* const client = option(own, "client");
    if (client != nullptr && same_ignoring_case(client->text, "yes")) {
        serve_plain(own, where, *accept);
        return;
    }
    Service service{.address = where};
    if (const StunnelOption* const protocol = option(own, "protocol")) {
        for (const auto& [name, starttls] : k_stunnel_protocols) {
            if (same_ignoring_case(name, protocol->text)) {
                service.starttls = std::string{starttls};
            }
        }
    }
    take_texts(own, service);
    judge_versions(own, service);
    take_certificate(own, service);
    const bool decided = std::ranges::any_of(service.lines, [](const Line& line) {
        return line.aspect == Aspect::versions && line.role == Role::effective;
    });
    if (!decided) {
        service.lines.push_back({accept->statement, accept->value, Aspect::listen, Role::effective}
        );
    }
    add_insertions(own, service);
    if (service.enabled.empty()) {
        fatal(service.lines.front().statement, "no version is left for this service");
    }
    reading_.services.push_back(service);
    serve_names(own, service);
    service.sni = "*";
    reading_.services.push_back(std::move(service));
}

/// Sections that belong to names of this one: their certificates count, their versions do not.
void StunnelReader::serve_names(const StunnelService& master, const Service& like) {
    for (const StunnelService& slave : services_) {
        const auto sni = slave.options.find("sni");
        const std::size_t colon = sni == slave.options.end() ? 0 : sni->second.text.find(':');
        if (sni == slave.options.end() || colon == sni->second.text.npos ||
            sni->second.text.substr(0, colon) != master.name) {
            continue;
        }
        Service service = like;
        service.sni = lower(sni->second.text.substr(colon + 1));
        // Suites and their security level are the section's; groups stay as the connection began.
        std::erase_if(service.lines, [](const Line& line) {
            return line.aspect == Aspect::ciphers || line.aspect == Aspect::ciphersuites ||
                   line.aspect == Aspect::security_level;
        });
        take_texts(slave, service);
        service.groups = like.groups;
        take_certificate(slave, service);
        service.lines.push_back(
            {sni->second.statement, sni->second.value, Aspect::name, Role::effective}
        );
        for (const char* const key : {"sslversion", "sslversionmin", "sslversionmax"}) {
            if (const auto found = slave.options.find(key); found != slave.options.end()) {
                service.lines.push_back(
                    {found->second.statement, found->second.value, Aspect::versions, Role::inert,
                     fmt::format("the versions of [{}] count for its names too", master.name)}
                );
            }
        }
        for (const auto& [key, flag] : slave.repeated) {
            service.lines.push_back(
                {flag.statement, flag.value, Aspect::versions, Role::inert,
                 fmt::format("the options of [{}] count for its names too", master.name)}
            );
        }
        reading_.services.push_back(std::move(service));
    }
}

void read_stunnel(const Input& input, Reading& reading) {
    StunnelReader{input, reading}.read();
}

/// `sslVersion` as a minimum, which the rewriting of its value cannot say.
std::vector<Proposal> propose_stunnel(
    const Input& /*input*/, const Reading& reading, const Service& service, VersionSet wanted
) {
    std::vector<Proposal> proposals;
    for (const Line& line : service.lines) {
        const std::string_view text = reading.sources.text(line.statement);
        constexpr std::string_view k_single = "sslversion";
        const bool single = lower(text.substr(0, k_single.size())) == k_single &&
                            text.size() > k_single.size() &&
                            std::string_view{" \t="}.contains(text[k_single.size()]);
        if (line.role != Role::effective || !single || wanted.empty()) {
            continue;
        }
        const Place end{
            line.statement.file, line.statement.begin + k_single.size(),
            line.statement.begin + k_single.size()
        };
        Proposal proposal{{{end, "Min"}}, "a minimum instead of a single version"};
        proposal.edits.push_back({line.value, std::string{openssl_name(wanted.lowest())}});
        proposals.push_back(std::move(proposal));
    }
    return proposals;
}

} // namespace

const Server& stunnel_server() {
    static constexpr Server row{
        .name = "stunnel",
        .product = "stunnel",
        .library = Library::openssl,
        .version = "5.68",
        .main_files = k_stunnel_files,
        .places = k_stunnel_places,
        .read = read_stunnel,
        .propose = propose_stunnel,
    };
    return row;
}

} // namespace tlsdoctor::config
