// SPDX-License-Identifier: Apache-2.0
// Answers as servers gave them to `HEAD /` from a client without a certificate.
#include "probe/http_answer.hpp"

#include <string>

#include <doctest/doctest.h>

namespace tlsdoctor::probe {
namespace {

std::string nginx(const std::string& status, const std::string& server, int length) {
    return "HTTP/1.1 " + status + "\r\nServer: " + server +
           "\r\nDate: Wed, 25 Nov 2026 04:10:55 GMT\r\nContent-Type: "
           "text/html\r\nContent-Length: " +
           std::to_string(length) + "\r\nConnection: close\r\n\r\n";
}

} // namespace

TEST_CASE("an answer demands a certificate where its words or their number say so") {
    struct Row {
        const char* name;
        std::string text;
        std::string status;
        bool demands;
    };
    const Row table[] = {
        {"nginx 1.22.1", nginx("400 Bad Request", "nginx/1.22.1", 237), "HTTP/1.1 400 Bad Request",
         true},
        {"without server_tokens", nginx("400 Bad Request", "nginx", 230),
         "HTTP/1.1 400 Bad Request", true},
        {"nginx, its page for any other bad request", nginx("400 Bad Request", "nginx/1.22.1", 157),
         "HTTP/1.1 400 Bad Request", false},
        {"nginx, one byte less", nginx("400 Bad Request", "nginx", 229), "HTTP/1.1 400 Bad Request",
         false},
        {"nginx, one byte more", nginx("400 Bad Request", "nginx", 231), "HTTP/1.1 400 Bad Request",
         false},
        {"the same length from another server", nginx("400 Bad Request", "other", 230),
         "HTTP/1.1 400 Bad Request", false},
        {"the same length with another status", nginx("403 Forbidden", "nginx", 230),
         "HTTP/1.1 403 Forbidden", false},
        {"a length that is no number",
         "HTTP/1.1 400 Bad\r\nServer: nginx\r\nContent-Length: -230\r\n\r\n", "HTTP/1.1 400 Bad",
         false},
        {"nginx's own number", "HTTP/1.1 496 \r\n\r\n", "HTTP/1.1 496", true},
        {"IIS", "HTTP/1.1 403.7 Forbidden\r\n\r\n", "HTTP/1.1 403.7 Forbidden", true},
        {"in the reason", "HTTP/1.1 403 Client Certificate Required\r\n\r\n",
         "HTTP/1.1 403 Client Certificate Required", true},
        {"in a page", "HTTP/1.0 400 Bad\r\n\r\nNo required SSL certificate was sent",
         "HTTP/1.0 400 Bad", true},
        {"only in a header", "HTTP/1.1 403 No\r\nX: certificate\r\n\r\n", "HTTP/1.1 403 No", false},
        {"where all is well", "HTTP/1.1 200 OK\r\n\r\na certificate is required", "HTTP/1.1 200 OK",
         false},
        {"no HTTP", "220 ready\r\n", "", false},
        {"nothing", "", "", false},
        {"a status alone", "HTTP/1.1", "HTTP/1.1", false},
    };
    for (const Row& row : table) {
        CAPTURE(row.name);
        const HttpAnswer answer = read_http_answer(row.text);
        CHECK(answer.status == row.status);
        CHECK(answer.demands_certificate == row.demands);
    }
}

TEST_CASE("an answer cut anywhere demands no more than the whole one") {
    const std::string whole = nginx("400 Bad Request", "nginx/1.22.1", 157);
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(read_http_answer(whole.substr(0, size)).demands_certificate);
        CHECK(is_complete(whole.substr(0, size)) == (size == whole.size()));
    }
}

TEST_CASE("an answer that never ends counts as complete, and its line is cut and made harmless") {
    CHECK(is_complete(std::string(20'000, 'x')));
    const HttpAnswer answer = read_http_answer("HTTP/1.1 400 \x1b[31m" + std::string(5'000, 'x'));
    CHECK(answer.status.size() < 300);
    CHECK_FALSE(answer.status.contains('\x1b'));
}

TEST_CASE("the request asks for no page and for the end") {
    CHECK(
        head_request("example.com:8443") ==
        "HEAD / HTTP/1.1\r\nHost: example.com:8443\r\nConnection: close\r\n\r\n"
    );
}

} // namespace tlsdoctor::probe
