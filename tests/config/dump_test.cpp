// SPDX-License-Identifier: Apache-2.0
// Dumps on standard input: which one it is, and the files in it.
#include "config/dump.hpp"

#include <doctest/doctest.h>

namespace tlsdoctor::config {

namespace {

struct DumpCase {
    const char* name;
    const char* text;
    const char* server; ///< named by the user
    const char* found;  ///< `server main`, or words of the error
};

const DumpCase k_dumps[] = {
    {"nginx -T",
     "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n"
     "# configuration file /etc/nginx/nginx.conf:\nhttp {}\n\n# configuration file "
     "/etc/nginx/a.conf:\nx;\n\n",
     "", "nginx /etc/nginx/nginx.conf"},
    {"nginx -T that failed", "nginx: [emerg] unknown directive \"x\" in /etc/nginx/nginx.conf:1\n",
     "", "nginx prints no files where its configuration is broken"},
    {"DUMP_CONFIG", "# In file: /etc/apache2/apache2.conf\n#   1:\nSSLProtocol all\n", "",
     "apache /etc/apache2/apache2.conf"},
    {"postconf -n", "myhostname = a\nsmtpd_tls_security_level = may\n", "",
     "postfix /etc/postfix/main.cf"},
    {"doveconf -n", "# 2.3.19.1 (9b53102964): /etc/dovecot/dovecot.conf\nssl = no\n", "",
     "dovecot /etc/dovecot/dovecot.conf"},
    {"a file as it stands", "tls-port 6379\ntls-protocols TLSv1.3\n", "", "redis /redis.conf"},
    {"a file that the user names", "x\n", "haproxy", "haproxy /haproxy.cfg"},
    {"nothing", " \n", "", "nothing came on standard input"},
    {"anything", "hello\n", "", "--server NAME"},
};

} // namespace

TEST_CASE("read_dump tells dumps apart") {
    for (const DumpCase& c : k_dumps) {
        CAPTURE(c.name);
        MemoryFiles files;
        const auto dump = read_dump(c.text, find_server(c.server), files);
        if (!dump) {
            CAPTURE(dump.error());
            CHECK(dump.error().contains(c.found));
            continue;
        }
        CHECK(std::string{dump->server->name} + " " + dump->main == c.found);
        CHECK(files.kind_of(dump->main) == FileKind::file);
    }
}

TEST_CASE("read_dump takes nginx' files apart and reads dovecot's version") {
    MemoryFiles files;
    REQUIRE(read_dump(k_dumps[0].text, nullptr, files));
    CHECK(files.read("/etc/nginx/nginx.conf").value() == "http {}\n");
    CHECK(files.read("/etc/nginx/a.conf").value() == "x;\n");
    CHECK(read_dump(k_dumps[4].text, nullptr, files)->server_version == "2.3.19.1");
}

TEST_CASE("read_dump takes Apache's files apart, and directives keep their lines") {
    MemoryFiles files;
    const auto dump = read_dump(
        "# In file: /etc/apache2/apache2.conf\n#   3:\nListen 80\n"
        "# In file: /etc/apache2/ports.conf\n#   2:\nListen 443\n",
        nullptr, files
    );
    REQUIRE(dump);
    CHECK(files.read(dump->main).value().starts_with("\n\nListen 80\n"));
    CHECK(files.read("/etc/apache2/ports.conf").value() == "\nListen 443\n");
}

TEST_CASE("read_dump survives every truncation") {
    for (const DumpCase& c : k_dumps) {
        const std::string whole = c.text;
        for (std::size_t i = 0; i <= whole.size(); ++i) {
            MemoryFiles files;
            read_dump(whole.substr(0, i), nullptr, files);
        }
    }
}

} // namespace tlsdoctor::config
