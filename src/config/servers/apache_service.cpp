// SPDX-License-Identifier: Apache-2.0
// Services of Apache and their lines; see the header.
#include "config/servers/apache_service.hpp"

#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/apache_protocols.hpp"

namespace tlsdoctor::config {

namespace {

/// A line and where it comes in reading order.
struct ApacheLine {
    std::size_t number{};
    Line line{};
};

class ApacheServiceMaker {
public:
    ApacheServiceMaker(const ApacheWorld& world, const ApacheListener& listener, std::size_t host)
        : world_{world}, settings_{world.settings}, listener_{listener} {
        parties_.base = listener.hosts.empty() ? 0 : listener.hosts.front();
        parties_.host = host;
        // A named host without TLS leaves the handshake to the base host.
        if (!settings_.is_on(host, listener.https)) {
            parties_.host = parties_.base;
        }
        parties_.host_versions = !older(world.version, "2.4.42");
    }

    Service make(const std::optional<std::string>& sni);

private:
    const ApacheDirective& directive(std::size_t number) const {
        return world_.tree.directives[number];
    }
    std::vector<std::size_t> scopes() const;
    void
    add(std::size_t number, Aspect aspect, Role role, std::string why, Rewrite rewrite = nullptr);
    void add_value(std::size_t number, Aspect aspect, Role role, std::string why, Rewrite rewrite);
    void engine_lines(bool on);
    void missing_engine();
    void version_lines(bool on);
    std::string why_not(std::size_t number, std::optional<std::size_t> decider) const;
    void list_lines(ApacheKind kind, Aspect aspect, std::optional<std::size_t> overridden_by);
    void command_lines();
    void certificate_lines();
    void idle_lines();
    void name_line();
    void insertions(Service& service) const;

    const ApacheWorld& world_;
    const ApacheSettings& settings_;
    const ApacheListener& listener_;
    ApacheParties parties_{};
    std::vector<ApacheLine> lines_{};
};

/// The main server, the base host and the chosen one, each once.
std::vector<std::size_t> ApacheServiceMaker::scopes() const {
    std::vector<std::size_t> scopes{0};
    for (const std::size_t scope : {parties_.base, parties_.host}) {
        if (std::ranges::find(scopes, scope) == scopes.end()) {
            scopes.push_back(scope);
        }
    }
    return scopes;
}

void ApacheServiceMaker::add(
    std::size_t number, Aspect aspect, Role role, std::string why, Rewrite rewrite
) {
    const ApacheDirective& one = directive(number);
    lines_.push_back(
        {number, {one.statement, one.place, aspect, role, std::move(why), rewrite, std::nullopt}}
    );
}

/// A value that was written elsewhere is decided there: the line itself only passes it on.
void ApacheServiceMaker::add_value(
    std::size_t number, Aspect aspect, Role role, std::string why, Rewrite rewrite
) {
    const ApacheDirective& one = directive(number);
    if (one.origins.empty() || role == Role::inert) {
        return add(number, aspect, role, std::move(why), rewrite);
    }
    add(number, aspect, Role::inert,
        fmt::format("its value comes from {}", world_.sources.where(one.origins.front().statement))
    );
    for (const ApacheOrigin& origin : one.origins) {
        Rewrite fitting = nullptr;
        if (rewrite == rewritten_protocols && one.origins.size() == 1) {
            fitting = origin.whole ? rewritten_protocol_word : rewritten_protocol_piece;
        }
        lines_.push_back(
            {number, {origin.statement, origin.value, aspect, role, why, fitting, std::nullopt}}
        );
    }
}

Service ApacheServiceMaker::make(const std::optional<std::string>& sni) {
    Service service{.address = listener_.shown, .sni = sni};
    const bool on = settings_.is_on(parties_.base, listener_.https);
    service.door = on ? Door::tls : Door::plain;
    fill_apache_service(world_, parties_, service);
    engine_lines(on);
    version_lines(on);
    list_lines(
        ApacheKind::ciphers, Aspect::ciphers, settings_.command({"CipherString"}, parties_.host)
    );
    list_lines(
        ApacheKind::ciphersuites, Aspect::ciphersuites,
        settings_.command({"Ciphersuites"}, parties_.host)
    );
    command_lines();
    certificate_lines();
    name_line();
    idle_lines();
    std::ranges::stable_sort(lines_, {}, &ApacheLine::number);
    service.lines.push_back(
        {.statement = listener_.statement,
         .value = {listener_.statement.file, listener_.statement.end, listener_.statement.end},
         .aspect = Aspect::listen,
         .role = Role::effective,
         .why = listener_.https ? "its protocol is https" : ""}
    );
    for (ApacheLine& one : lines_) {
        if (!on && one.line.role == Role::effective && one.line.aspect != Aspect::tls) {
            one.line.role = Role::inert;
            one.line.why = "TLS is not enabled here";
        }
        service.lines.push_back(std::move(one.line));
    }
    insertions(service);
    return service;
}

void ApacheServiceMaker::engine_lines(bool on) {
    const auto decider = settings_.decider(ApacheKind::engine, parties_.base);
    for (const std::size_t scope : scopes()) {
        for (const std::size_t one : settings_.of(ApacheKind::engine, scope)) {
            const bool decides = one == decider;
            add(one, Aspect::tls, decides ? Role::effective : Role::inert,
                decides ? "" : why_not(one, decider));
        }
    }
    if (!on && !decider) {
        missing_engine();
    }
}

/// TLS was meant where a certificate or versions are given, or the port is that of https.
void ApacheServiceMaker::missing_engine() {
    const std::size_t base = parties_.base;
    const bool meant = listener_.https || !settings_.of(ApacheKind::certificate, base).empty() ||
                       !settings_.of(ApacheKind::protocols, base).empty();
    if (!meant) {
        return;
    }
    const auto name = world_.names[base].server_name;
    const std::string why = "`SSLEngine on` is missing in this virtual host";
    if (name) {
        add(*name, Aspect::tls, Role::effective, why);
    } else if (base != 0) {
        const Place opening = world_.tree.scopes[base].opening;
        lines_.push_back(
            {0,
             {opening, {opening.file, opening.end, opening.end}, Aspect::tls, Role::effective, why}}
        );
    }
}

std::string
ApacheServiceMaker::why_not(std::size_t number, std::optional<std::size_t> decider) const {
    if (!decider) {
        return "this virtual host does not decide here";
    }
    const std::string where = world_.sources.where(directive(*decider).statement);
    if (directive(number).scope == directive(*decider).scope) {
        return "a later line of the same context decides: " + where;
    }
    return directive(number).scope == 0 ? "the virtual host's own line decides: " + where
                                        : "for this name another line decides: " + where;
}

/// Where OpenSSL's commands leave nothing for the list to decide, it is inert, and the other way
/// round; where each would do alone, both are named.
void ApacheServiceMaker::version_lines(bool on) {
    const auto decider =
        settings_.decider(ApacheKind::protocols, settings_.versions_from(parties_));
    const VersionSet all = settings_.versions(parties_);
    std::vector<std::size_t> commands;
    for (const std::size_t scope : scopes()) {
        for (const std::size_t one : settings_.of(ApacheKind::command, scope)) {
            const std::string name = lower(directive(one).words.front());
            if (name == "minprotocol" || name == "maxprotocol" || name == "protocol") {
                commands.push_back(one);
            }
        }
    }
    const auto matters = [&](std::size_t one) {
        return settings_.versions(parties_, one) != all;
    };
    const bool some = std::ranges::any_of(commands, matters);
    const bool list_decides = decider && (!some || matters(*decider));
    for (const std::size_t scope : scopes()) {
        for (const std::size_t one : settings_.of(ApacheKind::protocols, scope)) {
            const bool decides = one == decider && list_decides;
            const std::string why = decides          ? ""
                                    : one == decider ? "SSLOpenSSLConfCmd decides"
                                                     : why_not(one, decider);
            add_value(
                one, Aspect::versions, decides ? Role::effective : Role::inert, why,
                rewritten_protocols
            );
        }
    }
    for (const std::size_t one : commands) {
        const std::string name = lower(directive(one).words.front());
        const Rewrite rewrite = name == "minprotocol"   ? rewritten_minimum
                                : name == "maxprotocol" ? rewritten_maximum
                                                        : rewritten_openssl_list;
        const bool decides = matters(one);
        add(one, Aspect::versions, decides ? Role::effective : Role::inert,
            decides ? "" : "it changes nothing here", rewrite);
    }
    if (on && decider && parties_.host != 0) {
        for (const Place include : directive(*decider).includes) {
            lines_.push_back(
                {*decider,
                 {include,
                  {include.file, include.end, include.end},
                  Aspect::other,
                  Role::inert,
                  "brings in the line that decides"}}
            );
        }
    }
}

void ApacheServiceMaker::list_lines(
    ApacheKind kind, Aspect aspect, std::optional<std::size_t> overridden_by
) {
    const auto decider = overridden_by ? overridden_by : settings_.decider(kind, parties_.host);
    for (const std::size_t scope : scopes()) {
        for (const std::size_t one : settings_.of(kind, scope)) {
            const bool decides = one == decider;
            add_value(
                one, aspect, decides ? Role::effective : Role::inert,
                decides ? "" : why_not(one, decider), nullptr
            );
        }
    }
}

void ApacheServiceMaker::command_lines() {
    for (const ApacheCommands& row : apache_commands()) {
        const auto decider =
            settings_.command(row.names, row.of_base ? parties_.base : parties_.host);
        for (const std::size_t scope : scopes()) {
            for (const std::size_t one : settings_.of(ApacheKind::command, scope)) {
                if (row.has(directive(one).words.front())) {
                    const bool decides = one == decider;
                    add(one, row.aspect, decides ? Role::effective : Role::inert,
                        decides ? "" : why_not(one, decider));
                }
            }
        }
    }
}

void ApacheServiceMaker::certificate_lines() {
    for (const std::size_t one : settings_.merged(ApacheKind::certificate, parties_.host)) {
        add(one, Aspect::certificate, Role::effective, "");
    }
}

/// A named host that says nothing about versions is told so at its name.
void ApacheServiceMaker::name_line() {
    const auto name = world_.names[parties_.host].server_name;
    const bool silent =
        parties_.host != 0 && settings_.of(ApacheKind::protocols, parties_.host).empty();
    if (name && silent && settings_.is_on(parties_.base, listener_.https)) {
        add(*name, Aspect::name, Role::inert, "this virtual host has no SSLProtocol of its own");
    }
}

void ApacheServiceMaker::idle_lines() {
    for (const std::size_t scope : scopes()) {
        for (const std::size_t number : settings_.idle(scope)) {
            const ApacheDirective& one = directive(number);
            const std::string why = !one.asleep.empty()   ? one.asleep
                                    : !one.within.empty() ? "it stands in " + one.within
                                                          : "it is for connections to backends";
            add(number, Aspect::other, Role::inert, why);
        }
    }
    for (const ApacheOrigin& origin : world_.tree.idle) {
        lines_.push_back(
            {0, {origin.statement, origin.value, Aspect::other, Role::inert, "no directive uses it"}
            }
        );
    }
}

/// A new SSLProtocol goes behind the include that would override it, else behind the name.
void ApacheServiceMaker::insertions(Service& service) const {
    const std::size_t host = parties_.host;
    const Insertion pattern{.text = "SSLProtocol {}", .value = rewritten_protocols};
    const auto put = [&](Place after) {
        service.insertions.push_back(pattern);
        service.insertions.back().after = after;
    };
    const auto& own = settings_.of(ApacheKind::protocols, host);
    if (host != 0 && !own.empty()) {
        const ApacheDirective& last = directive(own.back());
        put(last.includes.empty() ? last.statement : last.includes.front());
    } else if (host != 0) {
        const auto name = world_.names[host].server_name;
        const bool here = name && directive(*name).includes.empty();
        put(here ? directive(*name).statement : world_.tree.scopes[host].opening);
    } else {
        put(listener_.statement);
    }
}

} // namespace

Service apache_service(
    const ApacheWorld& world, const ApacheListener& listener, const std::optional<std::string>& sni,
    std::size_t host
) {
    return ApacheServiceMaker{world, listener, host}.make(sni);
}

} // namespace tlsdoctor::config
