// SPDX-License-Identifier: Apache-2.0
// Finding configurations: in a file, a folder, a copy of /etc, the machine's usual places; whose
// they are; and what is said where nobody can tell.
#include "config/locate.hpp"

#include <doctest/doctest.h>

#include "config/recognise.hpp"

namespace tlsdoctor::config {

namespace {

constexpr const char* k_nginx_text = "events {}\nhttp {\n  server {\n    listen 443 ssl;\n"
                                     "ssl_protocols TLSv1.3;\n server_name a.test;\n}\n}\n";

struct PlaceCase {
    const char* name;
    std::vector<const char*> files;
    const char* path;
    const char* server; ///< named by the user
    const char* found;  ///< `server main`, or words of the error
};

const PlaceCase k_places[] = {
    {"a file", {"/x/my.conf"}, "/x/my.conf", "nginx", "nginx /x/my.conf"},
    {"a folder of its own", {"/x/nginx.conf", "/x/a.conf"}, "/x", "", "nginx /x/nginx.conf"},
    {"a copy of /etc", {"/x/nginx/nginx.conf"}, "/x", "", "nginx /x/nginx/nginx.conf"},
    {"a copy of the tree", {"/x/etc/postfix/main.cf"}, "/x", "", "postfix /x/etc/postfix/main.cf"},
    {"several servers",
     {"/x/etc/postfix/main.cf", "/x/etc/nginx/nginx.conf"},
     "/x",
     "",
     "nginx /x/etc/nginx/nginx.conf, postfix /x/etc/postfix/main.cf"},
    {"one of several",
     {"/x/etc/postfix/main.cf", "/x/etc/nginx/nginx.conf"},
     "/x",
     "postfix",
     "postfix /x/etc/postfix/main.cf"},
    {"the machine", {"/etc/redis/redis.conf"}, "", "", "redis /etc/redis/redis.conf"},
    {"nothing on the machine", {"/etc/motd"}, "", "", "give its file or folder"},
    {"nothing of that server", {"/etc/redis/redis.conf"}, "", "nginx", "/etc/nginx/nginx.conf"},
    {"no such path", {"/etc/motd"}, "/nosuch", "", "there is no /nosuch"},
    {"an empty folder", {"/x/readme"}, "/x", "", "no file in /x is the main file"},
};

std::string listed(const std::expected<std::vector<Located>, std::string>& located) {
    std::string text;
    for (const Located& one : located ? *located : std::vector<Located>{}) {
        text += (text.empty() ? "" : ", ") + std::string{one.server->name} + " " + one.main;
    }
    return located ? text : located.error();
}

std::string recognised(std::string path, std::string text) {
    const NamedText file{std::move(path), std::move(text)};
    const auto server = recognise({&file, 1});
    return server ? std::string{(*server)->name} : server.error();
}

} // namespace

TEST_CASE("locate finds main files where people and distributions put them") {
    for (const PlaceCase& c : k_places) {
        CAPTURE(c.name);
        MemoryFiles files;
        for (const char* path : c.files) {
            files.add(path, "");
        }
        const auto located = locate(files, {.path = c.path, .server = find_server(c.server)});
        const std::string text = listed(located);
        CAPTURE(text);
        CHECK((located ? text == c.found : text.contains(c.found)));
    }
}

TEST_CASE("locate takes the only file that it can recognise, and lists them where there are two") {
    MemoryFiles files;
    files.add("/x/one.txt", k_nginx_text);
    files.add("/x/readme", "hello");
    CHECK(listed(locate(files, {.path = "/x"})) == "nginx /x/one.txt");
    files.add("/x/two.txt", "tls-port 1\ntls-protocols TLSv1.3\n");
    CHECK(listed(locate(files, {.path = "/x"})).contains("/x/one.txt (nginx), /x/two.txt (redis)"));
    CHECK(
        listed(locate(files, {.path = "/x", .server = find_server("redis")})) == "redis /x/two.txt"
    );
}

TEST_CASE("locate follows the start command") {
    MemoryFiles files;
    files.add("/x/site.cfg", "");
    for (const char* command :
         {"exec nginx -c /x/site.cfg\n", "haproxy -f site.cfg\n",
          "/usr/lib/postgresql/15/bin/postgres -D d -c config_file=/x/site.cfg\n",
          "redis-server ./site.cfg --port 1\n", "mariadbd --defaults-file=/x/site.cfg\n"}) {
        CAPTURE(command);
        Sources sources;
        const StartCommand start = read_start_command(sources, "/x/start.sh", command, "/x");
        const auto located = locate(files, {.path = "/x", .command = &start});
        REQUIRE(located);
        CHECK(located->front().main == "/x/site.cfg");
    }
}

TEST_CASE("MountedFiles finds in a copy what its files call by full paths") {
    MemoryFiles files;
    files.add("/x/nginx.conf", "");
    files.add("/x/conf.d/a.conf", "copy");
    files.add("/etc/nginx/conf.d/a.conf", "original");
    files.add("/etc/nginx/mime.types", "types");
    const auto located = locate(files, {.path = "/x"});
    REQUIRE(located);
    const MountedFiles mounted{files, located->front().mounts};
    CHECK(mounted.read("/etc/nginx/conf.d/a.conf").value() == "copy");
    CHECK(mounted.read("/etc/nginx/mime.types").value() == "types");
    CHECK(mounted.real_path("/etc/nginx/conf.d/a.conf") == "/x/conf.d/a.conf");
    CHECK(matches_of(mounted, "/etc/nginx/conf.d/*.conf").size() == 1);
    const MountedFiles fallback{files, {{"/etc/nginx", "/x", false}}};
    CHECK(fallback.read("/etc/nginx/conf.d/a.conf").value() == "original");
}

TEST_CASE("recognise knows servers by names and words, and does not guess") {
    CHECK(recognised("/x", k_nginx_text) == "nginx");
    CHECK(
        recognised("/x", "<VirtualHost *:443>\nSSLEngine on\nSSLProtocol all\n</VirtualHost>") ==
        "apache"
    );
    CHECK(
        recognised("/x", "frontend a\n  bind :443 ssl crt x\n  default_backend b\n") == "haproxy"
    );
    CHECK(recognised("/x", "[mysqld]\ntls_version = TLSv1.3\n") == "mariadb");
    CHECK(
        recognised("/x", "listen_addresses = '*'\nssl = on\nshared_buffers = 1MB\n") == "postgresql"
    );
    CHECK(recognised("/x", "VirtualHost \"a\"\nmodules_enabled = { }\n") == "prosody");
    CHECK(
        recognised("/x", "frontend = \"[*]:443\"\npem-file = \"x\"\ntls-protos = TLSv1.2\n") ==
        "hitch"
    );
    CHECK(recognised("/x/main.cf", "") == "postfix");
    CHECK(recognised("/x", "hello\n").contains("--server NAME, one of nginx, apache"));
    CHECK(recognised("/x", "listener 1\npasswd x\nhttp_access allow all\n")
              .contains("could be the configuration of"));
    CHECK(recognised("/x", std::string(1 << 20, 'x')).contains("--server"));
}

TEST_CASE("locate follows HAProxy's -f into a folder") {
    MemoryFiles files;
    files.add("/x/conf.d/20-b.cfg", "backend b\n");
    files.add("/x/conf.d/10-a.cfg", "frontend a\n");
    files.add("/x/conf.d/.00.cfg", "hidden\n");
    files.add("/x/conf.d/00.txt", "no configuration\n");
    Sources sources;
    const StartCommand command =
        read_start_command(sources, "/x/start.sh", "exec haproxy -db -f /x/conf.d\n", "/x");
    for (const char* const operand : {"/x", "/x/conf.d", ""}) {
        for (const char* const said : {"haproxy", ""}) {
            CAPTURE(operand);
            CAPTURE(said);
            CHECK(
                listed(locate(
                    files, {.path = operand, .server = find_server(said), .command = &command}
                )) == "haproxy /x/conf.d/10-a.cfg"
            );
        }
    }
}

} // namespace tlsdoctor::config
