// SPDX-License-Identifier: Apache-2.0
// Start commands and scripts.
#include "config/start_command.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"

namespace tlsdoctor::config {

namespace {

struct ScriptCase {
    const char* name;
    const char* text;
    const char* words;       ///< with `|` between them
    const char* environment; ///< the same
    const char* copies;
};

constexpr ScriptCase k_scripts[] = {
    {"a line", "nginx -c /etc/nginx.conf -g \"daemon off;\"",
     "nginx|-c|/etc/nginx.conf|-g|daemon off;", "", ""},
    {"a script with exec", "#!/bin/bash\n# comment; exec no\nexec apache2 -d /x -DFOREGROUND\n",
     "apache2|-d|/x|-DFOREGROUND", "", ""},
    {"exported variables", "export A=1 B='2 3'\nexport C=$A${B}\nexec redis-server x",
     "redis-server|x", "A=1|B=2 3|C=12 3", ""},
    {"assignments before the command", "OPENSSL_CONF=/x.cnf nginx -p /p", "nginx|-p|/p",
     "OPENSSL_CONF=/x.cnf", ""},
    {"a wrapper", "exec setpriv --reuid=postgres --init-groups /usr/lib/postgres -D data -c a=b",
     "/usr/lib/postgres|-D|data|-c|a=b", "", ""},
    {"preparations",
     "mkdir -p a; ln -sfn /k/a.crt certs/a; install -o x -m 600 k.pem d/k.pem; exec nginx", "nginx",
     "", "/k/a.crt>/f/certs/a|/f/k.pem>/f/d/k.pem"},
    {"conditions",
     "if [ ! -d x ]; then mkdir x; fi\n[ -f a ] && cp a b\nexec slapd -h \"ldap://a ldaps://b\"",
     "slapd|-h|ldap://a ldaps://b", "", "/f/a>/f/b"},
    {"redirections", "exec vsftpd /x.conf 0>&1 > /dev/null 2>&1", "vsftpd|/x.conf", "", ""},
    {"continuation lines", "exec haproxy \\\n  -f a.cfg\\\n -db", "haproxy|-f|a.cfg|-db", "", ""},
    {"an unclosed quote", "nginx -g \"daemon off", "nginx|-g|daemon off", "", ""},
    {"nothing", "", "", "", ""},
};

std::string listed_words(const StartCommand& command) {
    std::vector<std::string> texts;
    for (const CommandWord& word : command.words) {
        texts.push_back(word.text);
    }
    return joined(texts, "|");
}

std::string listed_environment(const StartCommand& command) {
    std::vector<std::string> texts;
    for (const auto& [name, value] : command.environment) {
        texts.push_back(name + "=" + value.text);
    }
    return joined(texts, "|");
}

std::string listed_copies(const StartCommand& command) {
    std::vector<std::string> texts;
    for (const Copied& copied : command.copies) {
        texts.push_back(copied.from + ">" + copied.to);
    }
    return joined(texts, "|");
}

} // namespace

TEST_CASE("read_start_command finds the server's own words in lines and scripts") {
    for (const ScriptCase& c : k_scripts) {
        CAPTURE(c.name);
        Sources sources;
        const StartCommand command = read_start_command(sources, "/f/start.sh", c.text, "/f");
        CHECK(listed_words(command) == c.words);
        CHECK(listed_environment(command) == c.environment);
        CHECK(listed_copies(command) == c.copies);
    }
}

TEST_CASE("read_start_command survives every truncation of a script") {
    const std::string script = "export A=\"x$B\"\nif [ -f a ]; then ln -s 'a b' c; fi\nexec x -D A "
                               "-DB --c=d $(e) ${f:-g} >h &\n";
    for (std::size_t length = 0; length <= script.size(); ++length) {
        Sources sources;
        const StartCommand command =
            read_start_command(sources, "s", script.substr(0, length), "/");
        CHECK(command.words.size() < 12);
    }
}

TEST_CASE("options are found in all their forms, the last one counts") {
    Sources sources;
    const StartCommand command =
        read_start_command(sources, "s", "x -D A -DB --conf=1 --conf 2 -c", "/");
    REQUIRE(command.options("-D").size() == 2);
    CHECK(command.options("-D")[1].text == "B");
    CHECK(sources.text(command.options("-D")[1].place) == "-DB");
    CHECK(command.option("--conf")->text == "2");
    CHECK_FALSE(command.option("-c").has_value());
    CHECK_FALSE(command.option("--con").has_value());
}

} // namespace tlsdoctor::config
