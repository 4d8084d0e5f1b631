// SPDX-License-Identifier: Apache-2.0
// vsftpd: `key=value` without a blank anywhere. What is not exactly so, or not known, keeps it from
// starting. Its options speak of three versions only, so the newer ones cannot be turned off
// (measured on 3.0.3).
#include <algorithm>

#include "base/text.hpp"
#include "config/servers/last_wins.hpp"
#include "config/servers/listening.hpp"
#include "config/servers/servers.hpp"
#include "config/servers/vsftpd_options.hpp"
#include "config/syntax/key_value.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_vsftpd_files[] = {"vsftpd.conf"};
constexpr std::string_view k_vsftpd_places[] = {"/etc/vsftpd.conf", "/etc/vsftpd/vsftpd.conf"};
/// One suite of TLS 1.2; none of TLS 1.0 and 1.1.
constexpr const char* k_vsftpd_ciphers = "ECDHE-RSA-AES256-GCM-SHA384";

struct VsftpdReader {
    const Input& input;
    Reading& reading;
    Settings settings{};

    void read_file(FileId file);
    void read_command();
    void setting(std::string_view text, Place place);
    bool on(std::string_view name, bool otherwise) const;
    void check();
    Service service() const;
    void add_lines(Service& service) const;
    void listen(bool ipv6);
};

/// Blanks around a line's text matter, so the bytes are read as vsftpd does.
void VsftpdReader::setting(std::string_view text, Place place) {
    const std::size_t equals = text.find('=');
    const std::string name{text.substr(0, equals)};
    const VsftpdOption* const option = vsftpd_option(name);
    if (option == nullptr) {
        reading.fatal.push_back({place, "vsftpd does not know this option"});
        return;
    }
    if (equals == text.npos) {
        reading.fatal.push_back({place, "there is no = and value"});
        return;
    }
    const std::string value{text.substr(equals + 1)};
    if (option->kind == VsftpdKind::flag && !vsftpd_flag(value)) {
        reading.fatal.push_back(
            {place, value.ends_with(' ') || value.ends_with('\r')
                        ? "the blank behind the value is not allowed"
                        : "the value must be YES or NO"}
        );
        return;
    }
    settings.add(
        {.name = name,
         .value = value,
         .statement = place,
         .value_place = {place.file, place.begin + equals + 1, place.end}}
    );
}

void VsftpdReader::read_file(FileId file) {
    const std::string_view bytes = reading.sources.at(file).bytes;
    const Document document = read_key_value(reading.sources, file, k_vsftpd_dialect);
    for (const Statement& statement : document.statements) {
        Place line = reading.sources.line(statement.place);
        // A carriage return is a byte of the value here.
        line.end = std::min(bytes.find('\n', line.begin), bytes.size());
        line.begin = std::min(bytes.find_first_not_of(" \t", line.begin), line.end);
        setting(reading.sources.text(line), line);
    }
}

/// `-oname=value`, and `-o name=value` where that is written.
void VsftpdReader::read_command() {
    for (const CommandWord& word : input.start.options("-o")) {
        setting(word.text, word.place);
    }
}

bool VsftpdReader::on(std::string_view name, bool otherwise) const {
    const Setting* const found = settings.find(name);
    return found == nullptr ? otherwise : vsftpd_flag(found->value).value_or(otherwise);
}

void VsftpdReader::check() {
    if (!on("ssl_enable", false)) {
        return;
    }
    const Setting* const ciphers = settings.find("ssl_ciphers");
    if (ciphers != nullptr && !ciphers->value.empty()) {
        if (const auto suites = input.knowledge.suites(ciphers->value); !suites) {
            reading.fatal.push_back({ciphers->statement, "OpenSSL does not take this cipher list"});
        }
    }
    for (const char* name : {"rsa_cert_file", "rsa_private_key_file", "dsa_cert_file"}) {
        const Setting* const file = settings.find(name);
        if (file != nullptr && is_missing(input, reading, file->value)) {
            reading.fatal.push_back({file->statement, "the file does not exist"});
        }
    }
}

void VsftpdReader::add_lines(Service& service) const {
    const Sources& sources = reading.sources;
    const bool tls = service.door == Door::tls;
    settings.add_lines(sources, service, "listen_address", Aspect::listen);
    settings.add_lines(sources, service, "listen_port", Aspect::listen);
    settings.add_lines(sources, service, "ssl_enable", Aspect::tls);
    const std::size_t before = service.lines.size();
    settings.add_lines(sources, service, "implicit_ssl", Aspect::tls);
    settings.add_lines(sources, service, "rsa_cert_file", Aspect::certificate);
    settings.add_lines(sources, service, "ssl_ciphers", Aspect::ciphers);
    settings.add_lines(sources, service, "ssl_tlsv1", Aspect::versions, rewritten_vsftpd_tlsv1);
    settings.add_lines(sources, service, "ssl_sslv3", Aspect::versions);
    settings.add_lines(sources, service, "ssl_sslv2", Aspect::versions);
    for (std::size_t i = before; i < service.lines.size() && !tls; ++i) {
        if (service.lines[i].aspect != Aspect::certificate) {
            service.lines[i].role = Role::inert;
            service.lines[i].why = "TLS is off: ssl_enable is not YES";
        }
    }
}

Service VsftpdReader::service() const {
    Service service{.door = on("ssl_enable", false) ? Door::tls : Door::starttls_not_offered};
    if (!on("implicit_ssl", false)) {
        service.starttls = "ftp";
    } else if (service.door != Door::tls) {
        service.door = Door::plain;
    }
    service.enabled = VersionSet::all();
    const std::pair<const char*, ProtocolVersion> switches[] = {
        {"ssl_tlsv1", ProtocolVersion::tls_1_0},
        {"ssl_sslv3", ProtocolVersion::ssl_3_0},
        {"ssl_sslv2", ProtocolVersion::ssl_2_0},
    };
    for (const auto& [name, version] : switches) {
        if (!on(name, version == ProtocolVersion::tls_1_0)) {
            service.enabled.remove(version);
        }
    }
    const std::string ciphers = settings.value_or("ssl_ciphers", k_vsftpd_ciphers);
    service.default_ciphers = settings.find("ssl_ciphers") == nullptr;
    // An empty value leaves OpenSSL's own list (measured).
    service.ciphers = ciphers.empty() ? "DEFAULT" : ciphers;
    service.groups = "prime256v1";
    service.certificates = {settings.value_or("rsa_cert_file", "/usr/share/ssl/certs/vsftpd.pem")};
    if (const Setting* const dsa = settings.find("dsa_cert_file")) {
        service.certificates.push_back(dsa->value);
    }
    add_lines(service);
    for (const char* name : {"ssl_enable", "rsa_private_key_file", "rsa_cert_file", "listen"}) {
        if (const Setting* const place = settings.find(name)) {
            service.insertions.push_back(
                {.after = place->statement, .text = "ssl_tlsv1={}", .value = rewritten_vsftpd_tlsv1}
            );
            break;
        }
    }
    return service;
}

void VsftpdReader::listen(bool ipv6) {
    const std::string port = settings.value_or("listen_port", "21");
    Service one = service();
    if (ipv6) {
        one.address = endpoint(settings.value_or("listen_address6", "::"), port);
    } else {
        one.address = endpoint(settings.value_or("listen_address", "0.0.0.0"), port);
    }
    add_for_all_names(reading, std::move(one));
    if (ipv6 && settings.find("listen_address6") == nullptr) {
        // A socket of IPv6 for every address takes IPv4 as well.
        Service other = service();
        other.address = endpoint("0.0.0.0", port);
        add_for_all_names(reading, std::move(other));
    }
}

void read_vsftpd(const Input& input, Reading& reading) {
    VsftpdReader reader{.input = input, .reading = reading};
    const auto file = open_main(input, reading);
    if (!file) {
        return;
    }
    reader.read_file(*file);
    reader.read_command();
    if (reader.on("listen", true) && reader.on("listen_ipv6", false)) {
        const Setting* const both = reader.settings.find("listen_ipv6");
        reading.fatal.push_back({both->statement, "listen and listen_ipv6 cannot both be YES"});
    }
    reader.check();
    reader.listen(reader.on("listen_ipv6", false) && !reader.on("listen", true));
}

/// `ssl_enable=YES`, written anew or inserted.
std::vector<Proposal> propose_vsftpd(
    const Input& /*input*/, const Reading& reading, const Service& service, VersionSet /*wanted*/
) {
    std::vector<Proposal> proposals;
    if (service.door == Door::tls) {
        return proposals;
    }
    for (const Line& line : service.lines) {
        if (line.aspect == Aspect::tls && line.role == Role::effective &&
            reading.sources.text(line.statement).starts_with("ssl_enable")) {
            proposals.push_back({{{line.value, "YES"}}, "turn TLS on"});
        }
    }
    const auto key = std::ranges::find(service.lines, Aspect::certificate, &Line::aspect);
    const auto place = key != service.lines.end() ? key : service.lines.begin();
    if (proposals.empty() && place != service.lines.end()) {
        const std::size_t end = reading.sources.line(place->statement).end;
        proposals.push_back(
            {{{{place->statement.file, end, end}, "\nssl_enable=YES"}}, "turn TLS on"}
        );
    }
    return proposals;
}

} // namespace

const Server& vsftpd_server() {
    static constexpr Server row{
        .name = "vsftpd",
        .product = "vsftpd",
        .library = Library::openssl,
        .version = "3.0.3",
        .main_files = k_vsftpd_files,
        .places = k_vsftpd_places,
        .read = read_vsftpd,
        .propose = propose_vsftpd,
    };
    return row;
}

} // namespace tlsdoctor::config
