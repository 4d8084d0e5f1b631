// SPDX-License-Identifier: Apache-2.0
// nginx: the order in which its configuration is read. The rules are in the files beside this one:
// nginx_tree (includes), nginx_rules (directives), nginx_listen and nginx_names (who answers),
// nginx_service (with what).
#include "config/servers/nginx_propose.hpp"
#include "config/servers/nginx_service.hpp"
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_nginx_files[] = {"nginx.conf", "conf/nginx.conf"};
constexpr std::string_view k_nginx_places[] = {
    "/etc/nginx/nginx.conf", "/usr/local/nginx/conf/nginx.conf", "/usr/local/etc/nginx/nginx.conf"
};

void read_nginx(const Input& input, Reading& reading) {
    const NginxTree tree = load_nginx(input, reading);
    check_nginx(tree, reading);
    NginxScene scene{.input = input, .reading = reading, .tree = tree};
    scene.servers = nginx_servers(tree, reading);
    scene.sockets = nginx_sockets(scene.servers, reading);
    for (const NginxServer& server : scene.servers) {
        scene.variables.try_emplace(server.outer, *server.outer);
    }
    remark_nginx_regexes(scene.servers, reading);
    check_nginx_servers(scene);
    add_nginx_services(scene);
    add_nginx_mail_services(scene);
    add_nginx_passed_services(scene);
}

} // namespace

const Server& nginx_server() {
    static constexpr Server row{
        .name = "nginx",
        .product = "nginx",
        .library = Library::openssl,
        .version = "1.22.1",
        .main_files = k_nginx_files,
        .places = k_nginx_places,
        .read = read_nginx,
        .propose = propose_nginx,
    };
    return row;
}

} // namespace tlsdoctor::config
