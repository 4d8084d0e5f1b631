// SPDX-License-Identifier: Apache-2.0
// The same hello, accepted and refused: several servers behind one address, or a limit.
#include <doctest/doctest.h>

#include "diagnose/diagnose.hpp"
#include "making.hpp"

namespace tlsdoctor::diagnose {
namespace {

using evidence::Purpose;
using evidence::Shape;

/// A healthy visit in which the TLS 1.2 hello, or another one, was sent again and got this answer.
std::vector<std::string>
causes_with(Shape shape, const std::optional<std::string>& sni, std::string_view word) {
    evidence::Visit made = visit(Words{});
    evidence::Exchange again = asked(ProtocolVersion::tls_1_2, shape, sni, word, Purpose::factor);
    again.id = "e99";
    made.endpoints.front().exchanges.push_back(std::move(again));
    return causes_of(made);
}

} // namespace

TEST_CASE("a hello that is accepted once and refused by an alert once shows several servers") {
    struct Row {
        const char* name;
        Shape shape;
        std::optional<std::string> sni;
        std::string_view word;
        bool several;
    };
    const Row rows[] = {
        {"the same hello, alert 40", Shape::openssl, "server.example", "A40/0303", true},
        {"the same hello, alert 70", Shape::openssl, "server.example", "A70/0303", true},
        {"the same hello, accepted again", Shape::openssl, "server.example", "S0303", false},
        {"the same hello, reset: a limit on connections", Shape::openssl, "server.example", "RST",
         false},
        {"another name", Shape::openssl, "other.example", "A112/0303", false},
        {"a hello with other suites", Shape::browser, "server.example", "A40/0303", false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        const auto causes = causes_with(row.shape, row.sni, row.word);
        CHECK(has(causes, "inconsistent_backends") == row.several);
        CHECK(has(causes, "healthy") != row.several);
    }
}

} // namespace tlsdoctor::diagnose
