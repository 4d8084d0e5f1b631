// SPDX-License-Identifier: Apache-2.0
// One service for each socket and name; see nginx_service.hpp.
#include <set>

#include "config/servers/nginx_service.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::size_t k_most_nginx_services = 20'000;
constexpr std::size_t k_most_nginx_lines = 1'000'000; ///< of all services together

/// The names that may be told apart on a socket, in load order.
std::vector<std::string>
nginx_socket_names(const NginxScene& scene, const NginxSocket& socket, const NginxNames& names) {
    std::vector<std::string> all;
    std::set<std::string> seen;
    const auto add = [&](const std::string& name) {
        if (seen.insert(name).second) {
            all.push_back(name);
        }
    };
    for (const NginxRoute& route : names.routes()) {
        add(route.sni);
    }
    for (const NginxMember& member : socket.members) {
        for (const std::string& name : nginx_certificate_names(scene, *member.server)) {
            add(name);
        }
    }
    return all;
}

class NginxServiceList final {
public:
    explicit NginxServiceList(NginxScene& scene) : scene_{scene} {}

    void add(const NginxSocket& socket) {
        const NginxNames names{socket};
        add_one(socket, names, std::nullopt);
        for (const std::string& name : nginx_socket_names(scene_, socket, names)) {
            add_one(socket, names, name);
        }
        add_one(socket, names, "*");
    }

private:
    void
    add_one(const NginxSocket& socket, const NginxNames& names, std::optional<std::string> sni) {
        auto& services = scene_.reading.services;
        if (services.size() >= k_most_nginx_services || lines_ > k_most_nginx_lines) {
            if (!full_) {
                scene_.reading.not_understood.push_back(
                    {socket.standard().listen->statement->place,
                     "there are too many names; those from here on are left out"}
                );
            }
            full_ = true;
            return;
        }
        services.push_back(nginx_service(scene_, nginx_party(scene_, socket, names, std::move(sni)))
        );
        lines_ += services.back().lines.size();
    }

    NginxScene& scene_;
    std::size_t lines_{};
    bool full_{};
};

} // namespace

void add_nginx_services(NginxScene& scene) {
    NginxServiceList list{scene};
    for (const NginxSocket& socket : scene.sockets) {
        if (socket.world != NginxWorld::mail && !nginx_passes(socket)) {
            list.add(socket);
        }
    }
}

} // namespace tlsdoctor::config
