// SPDX-License-Identifier: Apache-2.0
// The lines that decide for one service of a HAProxy bind line: its own words, the defaults before
// it, lines of a crt-list and variables; and those that only look as if they did, with the reason.
#include <algorithm>

#include "config/servers/haproxy_model.hpp"

namespace tlsdoctor::config {

namespace {

/// A setting that counts, and how its value is written anew.
struct HaproxyDecider {
    HaproxyMaker maker{};
    Aspect aspect{};
    Rewrite rewrite{};
};

/// Writes the lines of one service of a bind line.
class HaproxyLines {
public:
    HaproxyLines(
        const HaproxyModel& model, const HaproxyBind& bind, const HaproxyTls& tls,
        const HaproxyVersions& versions
    )
        : model_{model}, bind_{bind}, tls_{tls}, versions_{versions} {}

    void write(const std::vector<const HaproxyCertificate*>& chosen, Service& service);

private:
    void decide(const HaproxyCertificate& entry, bool chosen);
    bool made_by(std::optional<std::size_t> line, Aspect aspect) const;
    std::string why_not(std::size_t number) const;
    void add_default_lines(Service& service) const;
    void add_bind_lines(Service& service) const;
    static void add_entry_lines(Service& service, const HaproxyCertificate& entry, bool chosen);
    void add_variable_lines(Service& service) const;
    void add_insertions(Service& service) const;

    const HaproxyModel& model_;
    const HaproxyBind& bind_;
    const HaproxyTls& tls_;
    const HaproxyVersions& versions_;
    std::vector<HaproxyDecider> deciders_{};
    bool entry_decides_{}; ///< versions: the line of the crt-list
};

/// Collects what counts for a service. Versions of a crt-list's line count only where a name chose
/// it; its suites also where it is the default.
void HaproxyLines::decide(const HaproxyCertificate& entry, bool chosen) {
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

bool HaproxyLines::made_by(std::optional<std::size_t> line, Aspect aspect) const {
    return std::ranges::any_of(deciders_, [&](const HaproxyDecider& decider) {
        return decider.maker.default_line == line && decider.aspect == aspect &&
               !decider.maker.variable;
    });
}

std::string HaproxyLines::why_not(std::size_t number) const {
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

void HaproxyLines::add_default_lines(Service& service) const {
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

void HaproxyLines::add_bind_lines(Service& service) const {
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

void HaproxyLines::add_entry_lines(Service& service, const HaproxyCertificate& entry, bool chosen) {
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

void HaproxyLines::add_variable_lines(Service& service) const {
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

void HaproxyLines::add_insertions(Service& service) const {
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

void HaproxyLines::write(const std::vector<const HaproxyCertificate*>& chosen, Service& service) {
    const HaproxyCertificate& entry = chosen.empty() ? bind_.certificates[0] : *chosen[0];
    decide(entry, !chosen.empty());
    add_default_lines(service);
    add_variable_lines(service);
    add_bind_lines(service);
    add_entry_lines(service, entry, !chosen.empty());
    for (std::size_t i = 1; i < chosen.size(); ++i) {
        add_entry_lines(
            service, *chosen[i], true
        ); // for clients that cannot do the first one's key
    }
    add_insertions(service);
}

} // namespace

void add_haproxy_lines(
    const HaproxyModel& model, const HaproxyBind& bind, const HaproxyTls& tls,
    const HaproxyVersions& versions, const std::vector<const HaproxyCertificate*>& chosen,
    Service& service
) {
    HaproxyLines{model, bind, tls, versions}.write(chosen, service);
}

} // namespace tlsdoctor::config
