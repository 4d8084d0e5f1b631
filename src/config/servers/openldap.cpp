// SPDX-License-Identifier: Apache-2.0
// OpenLDAP's slapd as Debian builds it, on GnuTLS: slapd.conf and the URLs of its command line. TLS
// directives are global wherever they stand, and the last one counts (measured on 2.5.13).
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "config/gnutls_policy.hpp"
#include "config/servers/last_wins.hpp"
#include "config/servers/listening.hpp"
#include "config/servers/servers.hpp"
#include "config/syntax/key_value.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_openldap_files[] = {"slapd.conf"};
constexpr std::string_view k_openldap_places[] = {
    "/etc/ldap/slapd.conf", "/etc/openldap/slapd.conf"
};

/// All TLS directives; what else begins with TLS is refused.
constexpr std::string_view k_openldap_directives[] = {
    "tlsciphersuite",
    "tlscertificatefile",
    "tlscertificatekeyfile",
    "tlscacertificatefile",
    "tlscacertificatepath",
    "tlsdhparamfile",
    "tlsecname",
    "tlsprotocolmin",
    "tlsrandfile",
    "tlsverifyclient",
    "tlscrlcheck",
    "tlscrlfile",
};

struct OpenldapReader {
    const Input& input;
    Reading& reading;
    Settings settings{};
    GnutlsSystem system{};
    Place last_tls{};

    void read_file(FileId file, std::size_t depth);
    void directive(const Statement& statement, std::size_t depth);
    void include(const Statement& statement, std::size_t depth);
    void check_certificate(std::string_view name);
    void check_priority();
    Service service(Place url) const;
    void listen(std::string_view url, Place place);
};

void OpenldapReader::include(const Statement& statement, std::size_t depth) {
    const std::string path = joined_path(input.start.folder, value_of(statement));
    if (depth >= k_most_include_depth) {
        reading.fatal.push_back({statement.place, "includes are nested too deeply"});
        return;
    }
    const auto file = open_source(input, reading, path);
    if (file) {
        read_file(*file, depth + 1);
    } else if (is_missing(input, reading, path)) {
        reading.fatal.push_back({statement.place, "the included file does not exist"});
    } else if (!path.contains("/schema/")) {
        // Schemas say nothing about TLS; an archive may well have been made without them.
        reading.not_understood.push_back({statement.place, "the included file cannot be read"});
    }
}

void OpenldapReader::directive(const Statement& statement, std::size_t depth) {
    const std::string name = lower(statement.words.front().text);
    if (name == "include") {
        include(statement, depth);
        return;
    }
    if (!name.starts_with("tls")) {
        return;
    }
    if (std::ranges::find(k_openldap_directives, name) == std::end(k_openldap_directives)) {
        reading.fatal.push_back({statement.place, "slapd does not know this directive"});
        return;
    }
    if (statement.words.size() != 2) {
        reading.fatal.push_back({statement.place, "slapd takes exactly one value here"});
        return;
    }
    settings.add(
        {.name = name,
         .value = statement.words[1].text,
         .statement = statement.place,
         .value_place = statement.words[1].place}
    );
    last_tls = statement.place;
}

void OpenldapReader::read_file(FileId file, std::size_t depth) {
    const Document document = read_key_value(reading.sources, file, k_slapd_dialect);
    for (const Remark& fault : document.faults) {
        reading.not_understood.push_back(fault);
    }
    for (const Statement& statement : document.statements) {
        if (!statement.words.empty()) {
            directive(statement, depth);
        }
    }
}

void OpenldapReader::check_certificate(std::string_view name) {
    const Setting* const setting = settings.find(name);
    if (setting != nullptr && is_missing(input, reading, setting->value)) {
        reading.fatal.push_back({setting->statement, "the file does not exist"});
    }
}

void OpenldapReader::check_priority() {
    const Setting* const suite = settings.find("tlsciphersuite");
    if (suite == nullptr) {
        return;
    }
    if (const auto fault = priority_fault(suite->value, system)) {
        reading.fatal.push_back({suite->statement, *fault});
    }
}

Service OpenldapReader::service(Place url) const {
    Service service{.door = Door::tls};
    service.ciphers = settings.value_or("tlsciphersuite", "NORMAL");
    service.default_ciphers = settings.find("tlsciphersuite") == nullptr;
    service.dh_parameters = true;
    if (const auto policy = read_priority(service.ciphers, system)) {
        service.enabled = policy->versions;
    }
    if (const Setting* const certificate = settings.find("tlscertificatefile")) {
        service.certificates.push_back(certificate->value);
    }
    service.lines.push_back(
        {.statement = url, .value = url, .aspect = Aspect::listen, .role = Role::effective}
    );
    const Sources& sources = reading.sources;
    settings.add_lines(sources, service, "tlscertificatefile", Aspect::certificate);
    settings.add_lines(sources, service, "tlscertificatekeyfile", Aspect::certificate);
    settings.add_lines(sources, service, "tlsciphersuite", Aspect::ciphers, rewritten_priority);
    for (const Setting& one : settings.all()) {
        if (one.name == "tlsprotocolmin") {
            service.lines.push_back(
                {.statement = one.statement,
                 .value = one.value_place,
                 .aspect = Aspect::other,
                 .role = Role::inert,
                 .why = "slapd on GnuTLS ignores it: the priority string of TLSCipherSuite decides"}
            );
        }
    }
    if (last_tls != Place{}) {
        service.insertions.push_back(
            {.after = last_tls, .text = "TLSCipherSuite {}", .value = rewritten_priority}
        );
    }
    return service;
}

/// `ldap://host:port/`; without a host it is every address.
void OpenldapReader::listen(std::string_view url, Place place) {
    const std::string low = lower(url);
    const bool secure = low.starts_with("ldaps://");
    if (!secure && !low.starts_with("ldap://")) {
        return;
    }
    std::string_view rest = url.substr(secure ? 8 : 7);
    rest = rest.substr(0, rest.find('/'));
    const std::size_t colon =
        rest.starts_with('[') ? rest.find(':', rest.find(']')) : rest.rfind(':');
    const std::string_view host = rest.substr(0, colon);
    const std::string port{colon == rest.npos ? (secure ? "636" : "389") : rest.substr(colon + 1)};
    std::vector<std::string> hosts{std::string{host}};
    if (host.empty() || host == "*") {
        hosts = {"0.0.0.0", "[::]"};
    } else if (host == "localhost") {
        hosts = {"127.0.0.1", "[::1]"};
    }
    for (const std::string& one : hosts) {
        Service service = this->service(place);
        service.address = endpoint(one, port);
        if (!secure) {
            service.starttls = "ldap";
        }
        if (settings.find("tlscertificatefile") == nullptr) {
            service.door = secure ? Door::closes : Door::starttls_not_offered;
        }
        add_for_all_names(reading, std::move(service));
    }
}

void read_openldap(const Input& input, Reading& reading) {
    OpenldapReader reader{.input = input, .reading = reading};
    const auto file = open_main(input, reading);
    if (!file) {
        return;
    }
    reader.system = gnutls_system_beneath(input, reading);
    reader.read_file(*file, 0);
    for (const char* name :
         {"tlscertificatefile", "tlscertificatekeyfile", "tlscacertificatefile"}) {
        reader.check_certificate(name);
    }
    reader.check_priority();
    const auto urls = input.start.option("-h");
    const Place none{*file, 0, 0};
    for (const std::string_view url :
         split(urls ? std::string_view{urls->text} : "ldap:///", ' ')) {
        reader.listen(url, urls ? urls->place : none);
    }
}

} // namespace

const Server& openldap_server() {
    static constexpr Server row{
        .name = "openldap",
        .product = "OpenLDAP",
        .library = Library::gnutls,
        .version = "2.5.13",
        .main_files = k_openldap_files,
        .places = k_openldap_places,
        .read = read_openldap,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
