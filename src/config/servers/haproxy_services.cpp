// SPDX-License-Identifier: Apache-2.0
// From HAProxy's bind lines to services: for each address and name the certificate that answers,
// the versions and suites that count for it. The lines that say so: haproxy_lines.cpp.
#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/openssl_suites.hpp"
#include "config/servers/haproxy_model.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_most_haproxy_services = 20'000;

/// Everything about one bind line that its services share.
class HaproxyServing {
public:
    HaproxyServing(
        const Input& input, const HaproxyModel& model, const HaproxyBind& bind, Reading& reading
    )
        : input_{input}, model_{model}, bind_{bind}, reading_{reading},
          tls_{merged(bind.own, bind.defaults)} {}

    void serve();

private:
    void serve_plain();
    void check();
    void check_texts(const HaproxyTls& tls, Place statement);
    void check_entries();
    std::vector<std::string> names() const;
    Service service_of(const std::vector<const HaproxyCertificate*>& chosen) const;
    void put(Service service, std::optional<std::string> sni);

    const Input& input_;
    const HaproxyModel& model_;
    const HaproxyBind& bind_;
    Reading& reading_;
    HaproxyTls tls_;
    HaproxyVersions versions_{};
    ProtocolVersion default_minimum_{ProtocolVersion::tls_1_2};
};

void HaproxyServing::put(Service service, std::optional<std::string> sni) {
    service.sni = std::move(sni);
    for (const std::string& address : bind_.addresses) {
        if (reading_.services.size() >= k_most_haproxy_services) {
            reading_.not_understood.push_back(
                {bind_.statement, "more addresses and names than are looked at"}
            );
            return;
        }
        service.address = address;
        reading_.services.push_back(service);
    }
}

/// No `ssl`: whoever connects gets clear text, or what the servers behind say.
void HaproxyServing::serve_plain() {
    const HaproxyProxy& proxy = model_.proxies[bind_.proxy];
    std::string why = "`ssl` is not on it, so the port speaks clear text";
    if (proxy.tcp) {
        const std::string behind = proxy.backends.empty()
                                       ? "the servers"
                                       : "those of `" + joined(proxy.backends, "`, `") + "`";
        why = fmt::format(
            "mode tcp without `ssl`: the bytes go through, and {} behind end TLS", behind
        );
    }
    Service service{.door = Door::plain};
    service.lines.push_back({bind_.statement, bind_.options, Aspect::tls, Role::effective, why});
    put(service, std::nullopt);
    put(service, "*");
}

void HaproxyServing::check_texts(const HaproxyTls& tls, Place statement) {
    const auto place = [&](const HaproxyText& text) {
        const auto line = text.maker.default_line;
        return line ? model_.default_lines[*line].statement : statement;
    };
    if (tls.ciphers.text) {
        if (const auto refused = refusal_of_ciphers(input_.knowledge, *tls.ciphers.text)) {
            reading_.fatal.push_back({place(tls.ciphers), *refused});
        }
    }
    const auto& suites = tls.ciphersuites.text;
    if (suites && !suites->empty() && tls13_suites_in(*suites).empty()) {
        reading_.fatal.push_back(
            {place(tls.ciphersuites), "OpenSSL knows none of these suites of TLS 1.3"}
        );
    }
}

void HaproxyServing::check_entries() {
    for (const HaproxyCertificate& entry : bind_.certificates) {
        if (entry.has_versions && versions_of_entry(entry.own, versions_.enabled).empty()) {
            reading_.fatal.push_back({entry.statement, "no version is left for this certificate"});
        }
        if (entry.from_list) {
            check_texts(entry.own, entry.statement);
        }
    }
}

/// What stops HAProxy from starting, or makes it warn.
void HaproxyServing::check() {
    if (bind_.certificates.empty()) {
        constexpr std::string_view what = "`ssl` is there and no certificate (`crt`, `crt-list`)";
        (bind_.strict_sni ? reading_.warnings : reading_.fatal)
            .push_back({bind_.statement, std::string{what}});
        return;
    }
    if (versions_.enabled.empty()) {
        reading_.fatal.push_back({bind_.statement, "all versions are disabled on this bind line"});
    }
    if (versions_.ignores_excluded) {
        reading_.warnings.push_back(
            {bind_.statement,
             "no-tlsv1x is ignored here, as a minimum, maximum or force-tlsv1x is in effect"}
        );
    }
    const bool ambiguous = tls_.minimum.version == ProtocolVersion::none &&
                           tls_.maximum.version != ProtocolVersion::none &&
                           tls_.maximum.version < default_minimum_;
    if (ambiguous) {
        reading_.warnings.push_back(
            {bind_.statement, fmt::format(
                                  "ssl-max-ver is below the built-in minimum: {} alone is left",
                                  name_of(tls_.maximum.version)
                              )}
        );
    }
    check_texts(tls_, bind_.statement);
    check_entries();
}

/// All names that the certificates or their filters mention, once each.
std::vector<std::string> HaproxyServing::names() const {
    std::vector<std::string> names;
    std::set<std::string> seen;
    for (const HaproxyCertificate& entry : bind_.certificates) {
        for (const std::string& filter : entry.filters) {
            const std::string name = filter.starts_with('!') ? filter.substr(1) : filter;
            const bool nothing = name.empty() || name == "*" || filter.starts_with("!*");
            if (!nothing && seen.insert(name).second) {
                names.push_back(name);
            }
        }
    }
    return names;
}

Service HaproxyServing::service_of(const std::vector<const HaproxyCertificate*>& chosen) const {
    const HaproxyCertificate& entry = chosen.empty() ? bind_.certificates[0] : *chosen[0];
    const auto text = [](const HaproxyText& own, const HaproxyText& all) {
        return own.text ? *own.text : all.text.value_or("");
    };
    const bool own_versions = !chosen.empty() && entry.has_versions;
    Service service{
        .otherwise = VersionSet::range(default_minimum_, ProtocolVersion::tls_1_3),
        .enabled =
            own_versions ? versions_of_entry(entry.own, versions_.enabled) : versions_.enabled,
        .ciphers = text(entry.own.ciphers, tls_.ciphers),
        .ciphersuites = text(entry.own.ciphersuites, tls_.ciphersuites),
        .groups = tls_.groups.text.value_or(""),
        .security_level = model_.security_level,
        // Before 2.6 there were parameters of 2048 bits without asking.
        .dh_parameters =
            entry.dh_parameters || model_.dh_parameters || older(input_.server_version, "2.6")
    };
    service.default_ciphers = service.ciphers.empty();
    service.certificates = entry.paths;
    for (std::size_t i = 1; i < chosen.size(); ++i) {
        const auto& more = chosen[i]->paths;
        service.certificates.insert(service.certificates.end(), more.begin(), more.end());
    }
    add_haproxy_lines(model_, bind_, tls_, versions_, chosen, service);
    return service;
}

void HaproxyServing::serve() {
    if (!bind_.ssl) {
        serve_plain();
        return;
    }
    if (older(input_.server_version, "2.2")) {
        default_minimum_ = ProtocolVersion::tls_1_0;
    }
    versions_ = versions_of_bind(tls_, default_minimum_);
    check();
    Service refused{.door = Door::name_refused};
    refused.lines.push_back(
        {bind_.statement, bind_.strict_sni_place, Aspect::name, Role::effective,
         "strict-sni: no certificate has this name"}
    );
    const auto serve_name = [&](const std::optional<std::string>& name, const auto& chosen) {
        if (bind_.certificates.empty() || (chosen.empty() && bind_.strict_sni)) {
            put(refused, name);
            return;
        }
        Service service = service_of(chosen);
        if (bind_.accept_proxy) {
            service.door = Door::closes;
        }
        put(std::move(service), name);
    };
    const std::vector<const HaproxyCertificate*> none;
    serve_name(std::nullopt, none);
    for (const std::string& name : names()) {
        serve_name(name, chosen_certificates(bind_, name));
    }
    serve_name("*", none);
}

} // namespace

void serve_haproxy(const Input& input, const HaproxyModel& model, Reading& reading) {
    for (const HaproxyBind& bind : model.binds) {
        if (!model.proxies[bind.proxy].disabled) {
            HaproxyServing{input, model, bind, reading}.serve();
        }
    }
}

} // namespace tlsdoctor::config
