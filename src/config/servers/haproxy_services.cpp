// SPDX-License-Identifier: Apache-2.0
// From HAProxy's bind lines to services: for each address and name the certificate that answers,
// the versions and suites that count for it, and the lines that say so.
#include <algorithm>
#include <set>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/openssl_suites.hpp"
#include "config/servers/haproxy_model.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_most_haproxy_services = 20'000;

/// A setting that counts, and how its value is written anew.
struct HaproxyDecider {
    HaproxyMaker maker{};
    Aspect aspect{};
    Rewrite rewrite{};
};

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
    void decide(const HaproxyCertificate& entry, bool chosen);
    void add_default_lines(Service& service) const;
    std::string why_not(std::size_t number) const;
    void add_bind_lines(Service& service) const;
    void add_entry_lines(Service& service, const HaproxyCertificate& entry, bool chosen) const;
    void add_variable_lines(Service& service) const;
    void add_insertions(Service& service) const;
    bool made_by(std::optional<std::size_t> line, Aspect aspect) const;
    void put(Service service, std::optional<std::string> sni);

    const Input& input_;
    const HaproxyModel& model_;
    const HaproxyBind& bind_;
    Reading& reading_;
    HaproxyTls tls_;
    HaproxyVersions versions_{};
    ProtocolVersion default_minimum_{ProtocolVersion::tls_1_2};
    std::vector<HaproxyDecider> deciders_{}; ///< of the service that is being made
    bool entry_decides_{};                   ///< versions: the line of the crt-list
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

/// Collects what counts for a service. Versions of a crt-list's line count only where a name chose
/// it; its suites also where it is the default.
void HaproxyServing::decide(const HaproxyCertificate& entry, bool chosen) {
    deciders_.clear();
    entry_decides_ = chosen && entry.has_versions;
    const auto bound = [&](const HaproxyBound& all, const HaproxyBound& own, Rewrite rewrite) {
        const bool by_entry = chosen && own.version != ProtocolVersion::none;
        if (!by_entry && all.version != ProtocolVersion::none) {
            deciders_.push_back({all.maker, Aspect::versions, rewrite});
        }
    };
    bound(tls_.minimum, entry.own.minimum, rewrite_haproxy_minimum);
    bound(tls_.maximum, entry.own.maximum, rewrite_haproxy_maximum);
    if (!versions_.ignores_excluded) {
        for (const HaproxyMaker& maker : tls_.excluders) {
            deciders_.push_back({maker, Aspect::versions, nullptr});
        }
    }
    const auto text = [&](const HaproxyText& all, const HaproxyText& own, Aspect aspect) {
        if (all.text && !own.text) {
            deciders_.push_back({all.maker, aspect, nullptr});
        }
    };
    text(tls_.ciphers, entry.own.ciphers, Aspect::ciphers);
    text(tls_.ciphersuites, entry.own.ciphersuites, Aspect::ciphersuites);
    text(tls_.groups, {}, Aspect::groups);
}

bool HaproxyServing::made_by(std::optional<std::size_t> line, Aspect aspect) const {
    return std::ranges::any_of(deciders_, [&](const HaproxyDecider& decider) {
        return decider.maker.default_line == line && decider.aspect == aspect &&
               !decider.maker.variable;
    });
}

std::string HaproxyServing::why_not(std::size_t number) const {
    const HaproxyDefaultLine& line = model_.default_lines[number];
    if (!line.why.empty()) {
        return line.why;
    }
    if (number >= bind_.defaults_seen) {
        return "it is read after the bind line, and does not reach it any more";
    }
    for (const HaproxyDecider& decider : deciders_) {
        if (decider.maker.default_line == number && decider.maker.variable) {
            return "its value is that of a variable";
        }
    }
    if (line.aspect != Aspect::versions) {
        return "another line sets it for this bind";
    }
    const auto has = [&](const HaproxyMaker& maker) {
        return maker.default_line == number;
    };
    if (versions_.ignores_excluded && std::ranges::any_of(tls_.excluders, has)) {
        return "no-tlsv1x is ignored beside a minimum, maximum or force-tlsv1x";
    }
    return entry_decides_ ? "the line of the crt-list decides"
                          : "the bind line, or a later default, decides";
}

void HaproxyServing::add_default_lines(Service& service) const {
    for (std::size_t i = 0; i < model_.default_lines.size(); ++i) {
        const HaproxyDefaultLine& line = model_.default_lines[i];
        if (line.proxy && *line.proxy != bind_.proxy) {
            continue;
        }
        const bool decides = line.why.empty() && i < bind_.defaults_seen && made_by(i, line.aspect);
        Line one{line.statement, line.value, line.aspect, decides ? Role::effective : Role::inert};
        if (!decides) {
            one.why = why_not(i);
        } else if (line.aspect == Aspect::versions) {
            one.rewrite = rewrite_haproxy_options;
        }
        service.lines.push_back(std::move(one));
    }
}

void HaproxyServing::add_bind_lines(Service& service) const {
    const bool decides = made_by(std::nullopt, Aspect::versions);
    if (bind_.own_versions) {
        Line line{bind_.statement, bind_.options, Aspect::versions, Role::effective};
        if (decides) {
            line.rewrite = rewrite_haproxy_options;
        } else {
            line.role = Role::inert;
            line.why = entry_decides_ ? "the line of the crt-list decides for this name"
                                      : "no-tlsv1x is ignored beside a minimum or maximum";
        }
        service.lines.push_back(std::move(line));
    } else {
        const auto late = [&](const HaproxyDefaultLine& line) {
            return line.aspect == Aspect::versions && line.why.empty();
        };
        const auto after =
            model_.default_lines.begin() + static_cast<std::ptrdiff_t>(bind_.defaults_seen);
        if (std::any_of(after, model_.default_lines.end(), late)) {
            service.lines.push_back(
                {bind_.statement, bind_.options, Aspect::versions, Role::inert,
                 "it names no version, and is read before the defaults"}
            );
        }
    }
    if (!decides || bind_.accept_proxy) {
        Line line{bind_.statement, bind_.options, Aspect::listen, Role::effective};
        line.why = bind_.accept_proxy
                       ? "accept-proxy: who does not begin with a PROXY line is cut off"
                       : "";
        service.lines.push_back(std::move(line));
    }
    const auto text = [&](const HaproxyText& own, Aspect aspect) {
        if (own.text) {
            const Role role = made_by(std::nullopt, aspect) ? Role::effective : Role::inert;
            service.lines.push_back({bind_.statement, own.maker.value, aspect, role});
        }
    };
    text(bind_.own.ciphers, Aspect::ciphers);
    text(bind_.own.ciphersuites, Aspect::ciphersuites);
    text(bind_.own.groups, Aspect::groups);
}

void HaproxyServing::add_entry_lines(Service& service, const HaproxyCertificate& entry, bool chosen)
    const {
    if (!entry.from_list) {
        return;
    }
    if (entry.has_versions) {
        Line line{entry.statement, entry.options, Aspect::versions, Role::effective};
        if (chosen) {
            line.rewrite = rewrite_haproxy_options;
        } else {
            line.role = Role::inert;
            line.why = "its versions count for its own names only";
        }
        service.lines.push_back(std::move(line));
    } else {
        service.lines.push_back(
            {entry.statement, entry.options, Aspect::certificate, Role::effective}
        );
    }
    const auto text = [&](const HaproxyText& own, Aspect aspect) {
        if (own.text) {
            service.lines.push_back({entry.statement, own.maker.value, aspect, Role::effective});
        }
    };
    text(entry.own.ciphers, Aspect::ciphers);
    text(entry.own.ciphersuites, Aspect::ciphersuites);
    if (entry.own.groups.text) {
        // Measured with 2.6.12: the connection keeps the groups that it began with.
        service.lines.push_back(
            {entry.statement, entry.own.groups.maker.value, Aspect::groups, Role::inert,
             "HAProxy takes groups from the bind line"}
        );
    }
}

void HaproxyServing::add_variable_lines(Service& service) const {
    for (const HaproxyDecider& decider : deciders_) {
        const auto& variable = decider.maker.variable;
        if (variable && variable->statement) {
            service.lines.push_back(
                {*variable->statement, variable->value, decider.aspect, Role::effective,
                 "the variable is used where HAProxy's versions and suites are set",
                 decider.rewrite}
            );
        }
    }
}

void HaproxyServing::add_insertions(Service& service) const {
    const auto value = [](std::string_view, VersionSet wanted) -> std::optional<std::string> {
        if (wanted.empty()) {
            return std::nullopt;
        }
        return haproxy_options_for(wanted, true).substr(1);
    };
    const auto place = model_.last_option ? model_.last_option : model_.global;
    if (place) {
        service.insertions.push_back({*place, false, "ssl-default-bind-options {}", value});
    }
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
    add_default_lines(service);
    add_variable_lines(service);
    add_bind_lines(service);
    add_entry_lines(service, entry, !chosen.empty());
    for (std::size_t i = 1; i < chosen.size(); ++i) {
        add_entry_lines(service, *chosen[i], true); // for clients that cannot do the first one's key
    }
    add_insertions(service);
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
        decide(chosen.empty() ? bind_.certificates[0] : *chosen[0], !chosen.empty());
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
