// SPDX-License-Identifier: Apache-2.0
// Reading listen lines and putting servers on sockets; see the header.
#include "config/servers/nginx_listen.hpp"

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_most_nginx_sockets = 10'000;

struct NginxWorldName {
    std::string_view section{};
    NginxWorld world{};
};

constexpr NginxWorldName k_nginx_worlds[] = {
    {"http", NginxWorld::http}, {"stream", NginxWorld::stream}, {"mail", NginxWorld::mail}
};

struct NginxListenWord {
    std::string_view word{};
    bool NginxListen::* sets{};
};

// ngx_http_core_listen; those with `=` are known by how they begin.
constexpr NginxListenWord k_nginx_listen_words[] = {
    {"ssl", &NginxListen::ssl},
    {"default_server", &NginxListen::is_default},
    {"default", &NginxListen::is_default},
    {"proxy_protocol", &NginxListen::proxy_protocol},
    {"quic", &NginxListen::udp},
    {"http3", &NginxListen::udp},
    {"udp", &NginxListen::udp},
    {"ipv6only=off", &NginxListen::dual_stack},
    {"ipv6only=on", nullptr},
    {"http2", nullptr},
    {"spdy", nullptr},
    {"bind", nullptr},
    {"deferred", nullptr},
    {"reuseport", nullptr},
    {"multipath", nullptr},
};

constexpr std::string_view k_nginx_listen_values[] = {
    "backlog=",  "rcvbuf=",        "sndbuf=",       "setfib=",
    "fastopen=", "accept_filter=", "so_keepalive=", "ipv6only=",
};

void read_listen_word(NginxListen& listen, const Word& word, Reading& reading) {
    const auto* const known =
        std::ranges::find(k_nginx_listen_words, word.text, &NginxListenWord::word);
    if (known != std::end(k_nginx_listen_words)) {
        if (known->sets != nullptr) {
            listen.*(known->sets) = true;
        }
        return;
    }
    if (std::ranges::none_of(k_nginx_listen_values, [&](std::string_view begin) {
            return word.text.starts_with(begin);
        })) {
        reading.fatal.push_back(
            {listen.statement->place,
             fmt::format("nginx knows no listen parameter \"{}\"", harmless(word.text))}
        );
    }
}

NginxListen read_listen(const Statement& statement, NginxWorld world, Reading& reading) {
    NginxListen listen{.statement = &statement};
    const std::string_view text =
        statement.words.size() > 1 ? std::string_view{statement.words[1].text} : "";
    listen.addresses = nginx_addresses(text, world == NginxWorld::http ? "80" : "");
    if (listen.addresses.empty()) {
        reading.fatal.push_back(
            {statement.place, fmt::format("\"{}\" is no address to listen on", harmless(text))}
        );
    }
    for (std::size_t i = 2; i < statement.words.size(); ++i) {
        read_listen_word(listen, statement.words[i], reading);
    }
    return listen;
}

void add_servers(
    const NginxDirective& outer, NginxWorld world, std::vector<NginxServer>& servers,
    Reading& reading
) {
    const NginxLines inherited = nginx_lines(outer.body);
    std::vector<const Statement*> client_side;
    add_nginx_client_side(outer.body, client_side);
    for (const NginxDirective* const block : nginx_named(outer.body, "server")) {
        if (!block->statement->section) {
            continue;
        }
        NginxServer& server = servers.emplace_back(NginxServer{
            .world = world,
            .block = block,
            .outer = &outer,
            .own = nginx_lines(block->body),
            .inherited = inherited,
            .client_side = client_side
        });
        add_nginx_client_side(block->body, server.client_side);
        for (const NginxDirective* const line : nginx_named(block->body, "listen")) {
            server.listens.push_back(read_listen(*line->statement, world, reading));
        }
        if (server.listens.empty() && world == NginxWorld::http) {
            // nginx listens on *:8000 where it may not open port 80; servers run as root.
            server.listens.push_back({.statement = block->statement, .addresses = {"0.0.0.0:80"}});
        }
    }
}

/// Finds sockets by world and address.
class NginxSocketTable final {
public:
    explicit NginxSocketTable(Reading& reading) : reading_{reading} {}

    void add(const NginxServer& server, const NginxListen& listen) {
        if (listen.udp) {
            return;
        }
        for (const std::string& address : listen.addresses) {
            if (sockets_.size() < k_most_nginx_sockets) {
                join(address, {&server, &listen});
            }
        }
    }

    /// A socket for `[::]` with `ipv6only=off` answers for IPv4 too, where nobody else does.
    void add_dual_stack() {
        const std::size_t count = sockets_.size();
        for (std::size_t i = 0; i < count; ++i) {
            const bool dual =
                std::ranges::any_of(sockets_[i].members, [](const NginxMember& member) {
                    return member.listen->dual_stack;
                });
            if (!dual || !sockets_[i].address.starts_with("[::]:")) {
                continue;
            }
            const std::string ipv4 = "0.0.0.0:" + sockets_[i].address.substr(5);
            if (!known_.contains({sockets_[i].world, ipv4})) {
                sockets_.push_back(sockets_[i]);
                sockets_.back().address = ipv4;
            }
        }
    }

    std::vector<NginxSocket> take() { return std::move(sockets_); }

private:
    void join(const std::string& address, NginxMember member) {
        const NginxWorld world = member.server->world;
        const auto [at, fresh] = known_.try_emplace({world, address}, sockets_.size());
        if (fresh) {
            sockets_.push_back({.world = world, .address = address});
        }
        NginxSocket& socket = sockets_[at->second];
        if (!fresh && socket.members.back().server == member.server) {
            fatal(member, fmt::format("{} stands twice in one server", address));
            return;
        }
        if (!fresh && !shares(world)) {
            fatal(member, fmt::format("{} is taken by another server", address));
            return;
        }
        socket.members.push_back(member);
        socket.ssl = socket.ssl || member.listen->ssl;
        socket.proxy_protocol = socket.proxy_protocol || member.listen->proxy_protocol;
        if (member.listen->is_default) {
            if (socket.standard().listen->is_default && socket.members.size() > 1) {
                fatal(member, fmt::format("{} has a default server already", address));
            }
            socket.default_member = socket.members.size() - 1;
        }
    }

    /// Only the stream module learned names late; mail never did.
    bool shares(NginxWorld world) const {
        return world == NginxWorld::http ||
               (world == NginxWorld::stream && !older(reading_.server_version, "1.25.5"));
    }

    void fatal(const NginxMember& member, std::string what) {
        reading_.fatal.push_back({member.listen->statement->place, std::move(what)});
    }

    Reading& reading_;
    std::vector<NginxSocket> sockets_{};
    std::map<std::pair<NginxWorld, std::string>, std::size_t> known_{};
};

} // namespace

std::vector<NginxServer> nginx_servers(const NginxTree& tree, Reading& reading) {
    std::vector<NginxServer> servers;
    for (const NginxWorldName& one : k_nginx_worlds) {
        const auto blocks = nginx_named(tree.root, one.section);
        for (const NginxDirective* const outer : blocks) {
            if (outer != blocks.front()) {
                reading.fatal.push_back(
                    {outer->statement->place, fmt::format("there is a second \"{}\"", one.section)}
                );
            }
            add_servers(*outer, one.world, servers, reading);
        }
    }
    return servers;
}

std::vector<NginxSocket> nginx_sockets(const std::vector<NginxServer>& servers, Reading& reading) {
    NginxSocketTable table{reading};
    for (const NginxServer& server : servers) {
        for (const NginxListen& listen : server.listens) {
            table.add(server, listen);
        }
    }
    table.add_dual_stack();
    return table.take();
}

} // namespace tlsdoctor::config
