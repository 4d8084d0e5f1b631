// SPDX-License-Identifier: Apache-2.0
// Stream servers that pass TLS on unopened, to another socket of the same nginx: the settings of
// that one hold on the front address; see nginx_service.hpp. With `ssl_preread`, a map may choose
// by name where a connection goes.
#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/nginx_service.hpp"

namespace tlsdoctor::config {

namespace {

/// Where a connection is passed on to.
struct NginxTarget {
    std::string address{};
    std::vector<const Statement*> lines{}; ///< proxy_pass, entries of maps, the upstream's server
};

class NginxPassing final {
public:
    explicit NginxPassing(NginxScene& scene) : scene_{scene}, reading_{scene.reading} {
        for (const Service& service : reading_.services) {
            by_address_[service.address].push_back(&service);
        }
    }

    void pass(const NginxSocket& front) {
        const NginxServer& server = *front.standard().server;
        const auto passes = nginx_named(server.block->body, "proxy_pass");
        if (passes.empty() || passes.front()->arguments() == 0) {
            return;
        }
        const NginxDirective& to = *passes.front();
        std::vector<std::optional<std::string>> snis{std::nullopt};
        for (std::string& name : scene_.variables.at(server.outer).names()) {
            snis.emplace_back(std::move(name));
        }
        for (const auto& [address, services] : by_address_) {
            for (const Service* const service : services) {
                if (service->sni && *service->sni != "*") {
                    snis.push_back(service->sni);
                }
            }
        }
        snis.emplace_back("*");
        std::ranges::stable_sort(snis);
        const auto repeated = std::ranges::unique(snis);
        snis.erase(repeated.begin(), repeated.end());
        for (const auto& sni : snis) {
            pass_name(front, to, sni);
        }
    }

    void finish() {
        for (Service& service : made_) {
            reading_.services.push_back(std::move(service));
        }
    }

private:
    void remark(const Statement& line, std::string what) {
        const bool known = std::ranges::any_of(reading_.not_understood, [&](const Remark& one) {
            return one.place == line.place && one.what == what;
        });
        if (!known && reading_.not_understood.size() < 1000) {
            reading_.not_understood.push_back({line.place, std::move(what)});
        }
    }

    void pass_name(
        const NginxSocket& front, const NginxDirective& to, const std::optional<std::string>& sni
    ) {
        const auto target = target_of(*front.standard().server, to, sni);
        if (!target) {
            return;
        }
        const NginxSocket* const socket = socket_at(target->address);
        if (socket == nullptr) {
            remark(
                *to.statement, fmt::format(
                                   "connections are passed on to {}, which this configuration does "
                                   "not open",
                                   harmless(target->address)
                               )
            );
            return;
        }
        const NginxNames names{*socket};
        Service service = nginx_service(scene_, nginx_party(scene_, *socket, names, sni));
        service.address = front.address;
        service.sni = sni;
        settle_door(front, *socket, service);
        add_lines(front, *target, service);
        made_.push_back(std::move(service));
    }

    /// The two ends must agree about the PROXY protocol, and the front must not speak TLS itself.
    void settle_door(const NginxSocket& front, const NginxSocket& back, Service& service) const {
        const NginxServer& server = *front.standard().server;
        const auto flag = [&](std::string_view name) {
            const auto lines = nginx_named(server.block->body, name);
            return !lines.empty() && same_ignoring_case(lines.front()->argument(0), "on");
        };
        if (front.proxy_protocol || back.proxy_protocol != flag("proxy_protocol")) {
            service.door = Door::closes;
            return;
        }
        if (flag("proxy_ssl")) {
            service.door = Door::plain;
            return;
        }
        if (service.door == Door::closes) {
            NginxSocket open = back;
            open.proxy_protocol = false;
            const NginxNames names{open};
            service.door =
                nginx_service(scene_, nginx_party(scene_, open, names, service.sni)).door;
        }
    }

    void add_lines(const NginxSocket& front, const NginxTarget& target, Service& service) const {
        const std::string why = fmt::format("passes TLS on to {}", target.address);
        std::vector<Line> lines;
        lines.push_back(
            {.statement = front.standard().listen->statement->place,
             .value = nginx_value(*front.standard().listen->statement),
             .aspect = Aspect::listen,
             .role = Role::effective,
             .why = why}
        );
        for (const NginxDirective* const preread :
             nginx_named(front.standard().server->block->body, "ssl_preread")) {
            lines.push_back(
                {.statement = preread->statement->place,
                 .value = nginx_value(*preread->statement),
                 .aspect = Aspect::name,
                 .role = Role::effective,
                 .why = "reads the name without opening TLS"}
            );
        }
        for (const Statement* const line : target.lines) {
            lines.push_back(
                {.statement = line->place,
                 .value = nginx_value(*line),
                 .aspect = Aspect::name,
                 .role = Role::effective,
                 .why = why}
            );
        }
        service.lines.insert(service.lines.begin(), lines.begin(), lines.end());
    }

    std::optional<NginxTarget> target_of(
        const NginxServer& server, const NginxDirective& to, const std::optional<std::string>& sni
    ) {
        NginxTarget target;
        const auto text = scene_.variables.at(server.outer)
                              .expanded(to.argument(0), nginx_sample_name(sni), target.lines);
        if (!text) {
            remark(*to.statement, "it is not followed where this passes connections on to");
            return std::nullopt;
        }
        target.lines.push_back(to.statement);
        target.address = *text;
        for (const NginxDirective* const upstream : nginx_named(server.outer->body, "upstream")) {
            if (upstream->argument(0) == *text) {
                take_upstream(*upstream, target);
            }
        }
        const auto addresses = nginx_addresses(target.address, "");
        if (addresses.empty()) {
            remark(
                *to.statement,
                fmt::format(
                    "connections are passed on to \"{}\", which is not followed", harmless(*text)
                )
            );
            return std::nullopt;
        }
        target.address = addresses.front();
        return target;
    }

    static void take_upstream(const NginxDirective& upstream, NginxTarget& target) {
        for (const NginxDirective* const server : nginx_named(upstream.body, "server")) {
            const auto& words = server->statement->words;
            const bool spare = std::ranges::any_of(words, [](const Word& word) {
                return word.text == "backup" || word.text == "down";
            });
            if (words.size() > 1 && !spare) {
                target.address = words[1].text;
                target.lines.push_back(server->statement);
                return;
            }
        }
    }

    /// The socket that answers an address of this machine: the exact one, else the wildcard's.
    const NginxSocket* socket_at(const std::string& address) const {
        const std::string port = address.substr(std::min(address.rfind(':'), address.size()));
        const bool ipv6 = address.starts_with('[');
        const NginxSocket* found = nullptr;
        for (const NginxSocket& socket : scene_.sockets) {
            if (socket.address == address) {
                return &socket;
            }
            if (socket.address == (ipv6 ? "[::]" : "0.0.0.0") + port && is_own(address)) {
                found = &socket;
            }
        }
        return found;
    }

    static bool is_own(const std::string& address) {
        return address.starts_with("127.") || address.starts_with("[::1]");
    }

    NginxScene& scene_;
    Reading& reading_;
    std::map<std::string, std::vector<const Service*>> by_address_{};
    std::vector<Service> made_{};
};

} // namespace

bool nginx_passes(const NginxSocket& socket) {
    return socket.world == NginxWorld::stream && !nginx_speaks_tls(socket) &&
           !nginx_named(socket.standard().server->block->body, "proxy_pass").empty();
}

void add_nginx_passed_services(NginxScene& scene) {
    NginxPassing passing{scene};
    for (const NginxSocket& socket : scene.sockets) {
        if (nginx_passes(socket)) {
            passing.pass(socket);
        }
    }
    passing.finish();
}

} // namespace tlsdoctor::config
