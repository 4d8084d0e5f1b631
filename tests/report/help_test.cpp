// SPDX-License-Identifier: Apache-2.0
// Topics, and Markdown for a terminal.
#include "report/help.hpp"

#include <doctest/doctest.h>

#include "golden.hpp"
#include "registry/alert.hpp"
#include "registry/cause.hpp"
#include "report/markdown.hpp"

namespace tlsdoctor::report {

namespace {

constexpr std::string_view k_document = R"(# server_only_tls13

<!-- not shown -->
The server accepts **TLS 1.3** only and answers
`alert 70` to all others, see [RFC 8446](https://www.rfc-editor.org/rfc/rfc8446).

## Fix

- nginx: allow both versions, which costs nothing in security and lets clients in that are older than 2018
  and cannot be updated
- Apache:

```
SSLProtocol -all +TLSv1.2   +TLSv1.3
  # indented
```

Indented code, with a pipe and a hash that mean nothing there:

    nginx -t | cat
    # - not a list

1. Reload.
2. Check.

| server | answer |
|--------|--------|
| nginx | alert 70 |
| Dovecot | closes → no alert |
)";

std::string set(std::string_view markdown, const Look& look) {
    Page page{look};
    write_markdown(page, markdown);
    return page.text();
}

} // namespace

TEST_CASE("write_markdown sets a page for a terminal") {
    struct {
        std::string_view file;
        Look look;
    } const cases[] = {
        {"page.txt", {.columns = 80}},
        {"page_ascii.txt", {.utf8 = false, .columns = 60}},
        {"page_colour.txt", {.color = true}},
    };
    for (const auto& c : cases) {
        CAPTURE(c.file);
        const std::string text = set(k_document, c.look);
        CHECK(text == golden(c.file, text));
    }
}

TEST_CASE("plain_text drops the markup and keeps the code") {
    struct {
        std::string_view markdown;
        std::string_view text;
    } const cases[] = {
        {"**bold** word", "bold word"},
        {"[RFC 8446](https://example.com/)", "RFC 8446"},
        {"see [the `page`](other.md), then", "see the `page`, then"},
        {"`ssl_protocols [a](b) **x**`", "`ssl_protocols [a](b) **x**`"},
        {"a [bracket] and (paren)", "a [bracket] and (paren)"},
        {"[unfinished](link", "[unfinished](link"},
        {"SSL_CTX * ctx", "SSL_CTX * ctx"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.markdown);
        CHECK(plain_text(c.markdown) == c.text);
    }
}

TEST_CASE("help_page shows the page of docs/causes where there is one") {
    REQUIRE_FALSE(cause_pages().empty());
    for (const EmbeddedFile& file : cause_pages()) {
        CAPTURE(file.name);
        CHECK(help_page(file.name, {}) == set(file.text, {}));
        CHECK(file.text.starts_with("# " + std::string{file.name}));
    }
}

TEST_CASE("help_page knows every cause") {
    for (const CauseInfo& cause : causes()) {
        CAPTURE(cause.name);
        const auto page = help_page(cause.name, {});
        REQUIRE(page);
        CHECK(page->contains(cause.name));
    }
}

TEST_CASE("help_page knows every alert by number and name") {
    for (const AlertInfo& alert : alerts()) {
        CAPTURE(alert.name);
        const auto by_number =
            help_page("alert " + std::to_string(static_cast<unsigned>(alert.id)), {});
        const auto by_name = help_page("alert " + std::string{alert.name}, {});
        REQUIRE(by_number);
        CHECK(by_number == by_name);
        CHECK(by_number->contains(alert.name));
    }
}

TEST_CASE("help_page answers to topics as people type them") {
    struct {
        std::string_view topic;
        std::string_view contains;
    } const cases[] = {
        {"alert 70", "protocol_version"},   {"Alert Protocol_Version", "alert 70"},
        {" protocol_version ", "alert 70"}, {"alerts", "unrecognized_name"},
        {"alert", "unrecognized_name"},     {"causes", "server_only_tls13"},
        {"topics", "server_only_tls13"},    {"Server_Only_TLS13", "TLS 1.3"},
    };
    for (const auto& c : cases) {
        CAPTURE(c.topic);
        const auto page = help_page(c.topic, {});
        REQUIRE(page);
        CHECK(page->contains(c.contains));
    }
}

TEST_CASE("help_page leaves unknown topics to similar_topic") {
    struct {
        std::string_view word;
        std::optional<std::string> similar;
    } const cases[] = {
        {"server_only_tls31", "server_only_tls13"},
        {"port_close", "port_closed"},
        {"alert protocl_version", "alert protocol_version"},
        {"xyzzy-plugh-frobozz", std::nullopt},
        {"alert 254", std::nullopt},
        {"70", std::nullopt},
    };
    for (const auto& c : cases) {
        CAPTURE(c.word);
        CHECK_FALSE(help_page(c.word, {}));
        if (c.similar) {
            CHECK(similar_topic(c.word) == c.similar);
        }
    }
}

} // namespace tlsdoctor::report
