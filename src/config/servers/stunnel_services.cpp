// SPDX-License-Identifier: Apache-2.0
// From stunnel's sections to services: address, suites, certificate and names. A section with `sni`
// and without `accept` belongs to a name of another one, and gives it a certificate, no versions.
#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/missing_file.hpp"
#include "config/openssl_suites.hpp"
#include "config/servers/stunnel_model.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_stunnel_suites = "HIGH:!aNULL:!SSLv2:!DH:!kDHEPSK"; ///< 5.68
constexpr std::string_view k_stunnel_groups = "X25519:P-256:X448:P-521:P-384";
constexpr int k_stunnel_level = 2;

constexpr std::pair<std::string_view, std::string_view> k_stunnel_protocols[] = {
    {"imap", "imap"}, {"pop3", "pop3"}, {"smtp", "smtp"}, {"pgsql", "postgres"}, {"nntp", "nntp"},
};

/// `[host:]port`; without a host all addresses of IPv4.
std::string stunnel_address(const StunnelOption& accept) {
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

/// Makes services of sections.
class StunnelServing {
public:
    StunnelServing(const Input& input, const StunnelModel& model, Reading& reading)
        : input_{input}, model_{model}, reading_{reading} {}
    void serve(const StunnelService& own);

private:
    void serve_names(const StunnelService& master, const Service& like);
    void
    serve_plain(const StunnelService& own, const std::string& address, const StunnelOption& accept);
    void take_texts(const StunnelService& own, Service& service);
    void take_certificate(const StunnelService& own, Service& service);
    void add_insertions(const StunnelService& own, Service& service) const;
    void fatal(Place place, std::string what) {
        reading_.fatal.push_back({place, std::move(what)});
    }

    const Input& input_;
    const StunnelModel& model_;
    Reading& reading_;
};

void StunnelServing::take_texts(const StunnelService& own, Service& service) {
    const auto text = [&](const char* key, Aspect aspect, std::string& into) {
        const StunnelOption* const found = model_.option(own, key);
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
            fatal(model_.option(own, "ciphers")->statement, *refused);
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
                model_.option(own, "securitylevel")->statement,
                "a security level is a number from 0 to 5"
            );
        }
        service.security_level = static_cast<int>(number.value_or(2));
    }
    service.dh_parameters = true; // its own, where the certificate's file has none
}

void StunnelServing::take_certificate(const StunnelService& own, Service& service) {
    const StunnelOption* const file = model_.option(own, "cert");
    if (file == nullptr) {
        if (model_.option(own, "psksecrets") == nullptr &&
            model_.option(own, "ciphers") == nullptr) {
            fatal(own.statement, "a TLS server needs a certificate: `cert = FILE`");
        }
        return;
    }
    const std::string path = joined_path(folder_of(input_.main), file->text);
    note_missing_file(input_, reading_, path, file->statement);
    service.certificates = {input_.files.real_path(path)};
}

void StunnelServing::add_insertions(const StunnelService& own, Service& service) const {
    if (own.statement.begin == own.statement.end || model_.option(own, "sslversion") != nullptr) {
        return;
    }
    const auto accept = own.options.find("accept");
    const Place after = accept == own.options.end() ? own.statement : accept->second.statement;
    if (model_.option(own, "sslversionmin") == nullptr) {
        service.insertions.push_back({after, false, "sslVersionMin = {}", stunnel_minimum});
    }
    if (model_.option(own, "sslversionmax") == nullptr) {
        service.insertions.push_back({after, false, "sslVersionMax = {}", stunnel_maximum});
    }
}

void StunnelServing::serve_plain(
    const StunnelService& own, const std::string& address, const StunnelOption& accept
) {
    Service service{.address = address, .door = Door::plain};
    service.lines.push_back(
        {accept.statement, accept.value, Aspect::listen, Role::effective,
         "client = yes: it takes clear text here and speaks TLS as a client"}
    );
    for (const char* const key : {"sslversion", "sslversionmin", "sslversionmax"}) {
        if (const StunnelOption* const found = model_.option(own, key)) {
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

void StunnelServing::serve(const StunnelService& own) {
    const StunnelOption* const accept = model_.option(own, "accept");
    if (accept == nullptr) {
        return; // a section for a name, or one that a super-server starts
    }
    const std::string where = stunnel_address(*accept);
    const StunnelOption* const client = model_.option(own, "client");
    if (client != nullptr && same_ignoring_case(client->text, "yes")) {
        serve_plain(own, where, *accept);
        return;
    }
    Service service{.address = where};
    if (const StunnelOption* const protocol = model_.option(own, "protocol")) {
        for (const auto& [name, starttls] : k_stunnel_protocols) {
            if (same_ignoring_case(name, protocol->text)) {
                service.starttls = std::string{starttls};
            }
        }
    }
    take_texts(own, service);
    judge_stunnel_versions(model_, own, reading_, service);
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
void StunnelServing::serve_names(const StunnelService& master, const Service& like) {
    for (const StunnelService& slave : model_.services) {
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

} // namespace

void serve_stunnel(const Input& input, const StunnelModel& model, Reading& reading) {
    StunnelServing serving{input, model, reading};
    for (std::size_t i = 0; i < model.services.size() && i < k_most_files; ++i) {
        serving.serve(model.services[i]);
    }
}

} // namespace tlsdoctor::config
