// SPDX-License-Identifier: Apache-2.0
// nginx's block syntax and the Caddyfile: what each makes of odd files, and that no byte is lost.
#include "config/syntax/block.hpp"

#include <span>

#include <doctest/doctest.h>

#include "config/lossless.hpp"
#include "config/servers/nginx_dump.hpp"
#include "config/syntax/caddyfile.hpp"

namespace tlsdoctor::config {

namespace {

/// `name|word|word;` and `name|word{...}`.
std::string block_outline(const std::vector<Statement>& statements) {
    std::string text;
    for (const Statement& statement : statements) {
        for (const Word& word : statement.words) {
            text += (&word == statement.words.data() ? "" : "|") + word.text;
        }
        text += statement.section ? "{" + block_outline(statement.body) + "}" : ";";
    }
    return text;
}

Document caddyfile(const Sources& sources, FileId file) {
    return read_caddyfile(sources, file, [](std::string_view name) {
        return name == "SET" ? std::optional<std::string>{"here"} : std::nullopt;
    });
}

struct BlockCase {
    const char* name;
    const char* text;
    const char* outline;
    std::size_t faults;
};

const BlockCase k_nginx_texts[] = {
    {"several statements on a line", "a 1;b{c 2;}d;", "a|1;b{c|2;}d;", 0},
    {"quotes anywhere", "a \"b c\" 'd;}' e\"f\"g;", "a|b c|d;}|e\"f\"g;", 0},
    {"escapes", "a \"\\\"x\\\\\" 'it\\'s' b\\;c \\d;", "a|\"x\\|it's|b\\;c|\\d;", 0},
    {"comments inside a statement", "a # ; } {\n b# c\n ;", "a|b#|c;", 0},
    {"variables in braces", "a ${b}c $d{e 1;}", "a|${b}c|$d{e|1;}", 0},
    {"a brace in a variable's place", "if ($x ~ \"^a{1}$\" ) { return 404; }",
     "if|($x|~|^a{1}$|){return|404;}", 0},
    {"CRLF and no end of line", "a\r\n  b ;\r\nc;", "a|b;c;", 0},
    {"byte order mark",
     "\xef\xbb\xbf"
     "a;",
     "a;", 0},
    {"Lua is not nginx", "content_by_lua_block { local s = \"}\" -- }\n x = {[[}]]} } a;",
     "content_by_lua_block{}a;", 0},
    {"a closing brace in a word", "a b};", "a|b};", 0},
    {"no semicolon", "a b", "a|b;", 1},
    {"no semicolon before the end of a section", "a { b }", "a{b;}", 1},
    {"a section that stays open", "a { b;", "a{b;}", 1},
    {"an end too many", "a; } b;", "a;b;", 1},
    {"a quote that stays open", "a \"b; c;", "a|b; c;;", 2},
    {"nothing before a semicolon", ";;", "", 2},
    {"a nameless section", "{ a; }", "{a;}", 1},
    {"glued to a quote", "a \"b\"c;", "a|b|c;", 1},
};

const BlockCase k_caddy_texts[] = {
    {"a site", "a.test:443 {\n\ttls x y {\n\t\tprotocols tls1.3\n\t}\n\trespond \"o k\"\n}\n",
     "a.test:443{tls|x|y{protocols|tls1.3;}respond|o k;}", 0},
    {"options and a snippet", "{\n\tadmin off\n}\n(s) {\n\tlog\n}\n", "{admin|off;}(s){log;}", 0},
    {"names on several lines", "a.test,\nb.test {\n}\n", "a.test,|b.test{}", 0},
    {"variables", "{$SET}:{$PORT:443} {$NONE}x\n", "here:443|x;", 0},
    {"quotes and continuation", "a `b \" c` \"d \\\" e\" \\\n  f # g\n#h\ni#j\n",
     "a|b \" c|d \" e|f;i#j;", 0},
    {"a heredoc", "a <<END\n  } x\n  END b\nc\n", "a|<<END\n  } x\n  END|b;c;", 0},
    {"a block that stays open", "a {\nb\n", "a{b;}", 1},
    {"an end too many", "}\na\n", "a;", 1},
};

void check_texts(std::span<const BlockCase> cases, const Tokenizer& tokenizer) {
    for (const BlockCase& c : cases) {
        CAPTURE(c.name);
        Sources sources;
        const FileId file = sources.add("/x", c.text);
        const Document document = tokenizer(sources, file);
        CHECK(block_outline(document.statements) == c.outline);
        CHECK(document.faults.size() == c.faults);
        check_every_truncation(c.text, tokenizer);
    }
}

} // namespace

TEST_CASE("read_block follows nginx letter by letter") {
    check_texts(k_nginx_texts, read_block);
}

TEST_CASE("read_caddyfile reads what Caddy reads") {
    check_texts(k_caddy_texts, caddyfile);
}

TEST_CASE("hostile nesting is cut, and nothing is lost") {
    for (const std::string_view piece :
         {"a{", "a {\n", "{", "\"", "a;}", "[", "a_by_lua_block{[["}) {
        CAPTURE(piece);
        std::string text;
        while (text.size() < 200'000) {
            text += piece;
        }
        check_lossless(text, read_block);
        check_lossless(text, caddyfile);
    }
}

TEST_CASE("a dump of nginx -T is split into its files, byte for byte") {
    const auto dump = files_of_nginx_dump(
        "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n"
        "# configuration file /etc/nginx/nginx.conf:\nhttp {\n    include x;\n}\n\n"
        "# configuration file /etc/nginx/x:\nserver { }\n"
    );
    REQUIRE(dump);
    CHECK(dump->main == "/etc/nginx/nginx.conf");
    CHECK(dump->files.at("/etc/nginx/nginx.conf") == "http {\n    include x;\n}\n");
    CHECK(dump->files.at("/etc/nginx/x") == "server { }");
    CHECK(!files_of_nginx_dump("http { }\n"));
    CHECK(!files_of_nginx_dump(""));
}

} // namespace tlsdoctor::config
