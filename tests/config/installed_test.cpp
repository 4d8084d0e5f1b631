// SPDX-License-Identifier: Apache-2.0
// Versions and start commands in what programs, units and processes say.
#include "config/installed.hpp"

#include <doctest/doctest.h>

namespace tlsdoctor::config {

namespace {

struct VersionCase {
    const char* output;
    const char* marker;
    const char* version;
};

const VersionCase k_versions_said[] = {
    {"nginx version: nginx/1.22.1\n", "nginx/", "1.22.1"},
    {"Server version: Apache/2.4.62 (Debian)\nServer built:   2024\n", "Apache/", "2.4.62"},
    {"HAProxy version 2.6.12-1+deb12u1 2023/12/16 - https://haproxy.org/\n", "version ", "2.6.12"},
    {"3.7.11\n", "", "3.7.11"},
    {"2.3.19.1 (9b53102964)\n", "", "2.3.19.1"},
    {"v2.7.6 h1:w0NymbG2m9PcvKWsrXO6EEkY9Ru4FJK8uQbYcev1p3A=\n", "", "2.7.6"},
    {"postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n", "(PostgreSQL) ", "15.18"},
    {"mariadbd  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu\n", "Ver ", "10.11.19"},
    {"Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0\n", "v=", "7.0.15"},
    {"@(#) $OpenLDAP: slapd 2.5.13+dfsg-5 (Feb  8 2023) $\n", "slapd ", "2.5.13"},
    {"Squid Cache: Version 5.7\n", "Version ", "5.7"},
    {"no such thing\n", "nginx/", ""},
    {"12 bottles\n", "", ""},
    {"", "", ""},
};

struct CommandCase {
    const char* name;
    std::string text;
    const char* command;
};

const CommandCase k_units[] = {
    {"Debian's HAProxy",
     "[Service]\nEnvironmentFile=-/etc/default/haproxy\nEnvironment=\"CONFIG=/etc/haproxy/"
     "haproxy.cfg\" "
     "\"EXTRAOPTS=-S /run/x\"\nExecStartPre=/usr/sbin/haproxy -c\nExecStart=/usr/sbin/haproxy -Ws "
     "-f "
     "$CONFIG $EXTRAOPTS\n",
     "export CONFIG=/etc/haproxy/haproxy.cfg\nexport EXTRAOPTS='-S /run/x'\n"
     "exec /usr/sbin/haproxy -Ws -f /etc/haproxy/haproxy.cfg -S /run/x\n"},
    {"a drop-in that replaces",
     "ExecStart=/bin/a\n[Service]\nExecStart=\nExecStart=-/bin/b \\\n -x\n", "exec /bin/b   -x\n"},
    {"nothing", "[Unit]\n", ""},
};

} // namespace

TEST_CASE("version_behind finds the number in what servers say of themselves") {
    for (const VersionCase& c : k_versions_said) {
        CAPTURE(c.output);
        CHECK(version_behind(c.output, c.marker) == c.version);
    }
}

TEST_CASE("openssl_version_in finds the version in a library's bytes") {
    CHECK(openssl_version_in("xx OpenSSL %s\0OpenSSL 3.0.15 3 Sep 2024") == "");
    const std::string bytes{
        "\x7F"
        "ELF\0OpenSSL \0OpenSSL 3.0.15 3 Sep 2024\0",
        43
    };
    CHECK(openssl_version_in(bytes) == "3.0.15");
    CHECK(openssl_version_in("OpenSSL 1.1.1w  11 Sep 2023") == "1.1.1");
    CHECK(openssl_version_in("OpenSSL ") == "");
}

TEST_CASE("command_of_unit reads units and drop-ins") {
    for (const CommandCase& c : k_units) {
        CAPTURE(c.name);
        CHECK(command_of_unit(c.text) == c.command);
    }
}

TEST_CASE("command_of_process quotes words, knows titles, and keeps secrets to itself") {
    CHECK(
        command_of_process(std::string{"/usr/sbin/haproxy\0-f\0a b\0", 27}, "") ==
        "exec /usr/sbin/haproxy -f 'a b'\n"
    );
    CHECK(
        command_of_process(
            std::string{"nginx: master process /usr/sbin/nginx -g daemon on;\0", 52}, ""
        ) == "exec /usr/sbin/nginx -g daemon on;\n"
    );
    CHECK(
        command_of_process(
            std::string{"x\0", 2}, std::string{"OPENSSL_CONF=/a\0HOME=/root\0APACHE_PASS=s\0", 41}
        ) == "export OPENSSL_CONF=/a\nexec x\n"
    );
}

TEST_CASE("detect asks nothing of what is not installed") {
    const Server* const tomcat = find_server("tomcat");
    CHECK(program_of(*tomcat).empty());
    CHECK(detect(*tomcat).server_version.empty());
}

} // namespace tlsdoctor::config
