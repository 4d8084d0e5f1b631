// SPDX-License-Identifier: Apache-2.0
// Reads as much of a ClientHello as an answer depends on. Anything unreadable is answered by
// closing.
#include "answers.hpp"

#include <array>
#include <optional>

#include "canned_certificate.hpp"

namespace tlsdoctor::bench {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint16_t k_tls_1_2 = 0x0303;
constexpr std::uint16_t k_tls_1_3 = 0x0304;

/// The random of a ServerHello that means HelloRetryRequest [RFC 8446 4.1.3].
constexpr std::array<std::uint8_t, 32> k_retry = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

/// Cuts fields off the front; after the first that is missing, everything is empty.
struct Fields {
    Bytes rest;
    bool bad = false;

    Bytes take(std::size_t size) {
        if (size > rest.size()) {
            bad = true;
            rest = {};
            return {};
        }
        const Bytes taken = rest.first(size);
        rest = rest.subspan(size);
        return taken;
    }
    std::size_t number(std::size_t size) {
        std::size_t value = 0;
        for (const std::uint8_t byte : take(size)) {
            value = value << 8 | byte;
        }
        return value;
    }
    Bytes list(std::size_t size_of_length) { return take(number(size_of_length)); }
};

struct Hello {
    std::uint16_t version = 0;
    Bytes session, suites, groups, shares;
    bool offers_1_3 = false;
    bool renegotiates_securely = false; // [RFC 5746]
};

std::optional<Hello> read(Bytes message) {
    Fields fields{message};
    fields.take(5 + 4); // the record's and the message's header
    Hello hello;
    hello.version = static_cast<std::uint16_t>(fields.number(2));
    fields.take(32);
    hello.session = fields.list(1);
    hello.suites = fields.list(2);
    fields.list(1);
    if (fields.bad) {
        return std::nullopt;
    }
    Fields extensions{fields.rest.empty() ? Bytes() : fields.list(2)};
    while (!extensions.rest.empty()) {
        const std::size_t type = extensions.number(2);
        Fields body{extensions.list(2)};
        if (type == 10) {
            hello.groups = body.list(2);
        }
        if (type == 51) {
            hello.shares = body.list(2);
        }
        if (type != 43) {
            continue;
        }
        for (Fields versions{body.list(1)}; !versions.rest.empty();) {
            if (versions.number(2) == k_tls_1_3) {
                hello.offers_1_3 = true;
            }
        }
    }
    return hello;
}

/// Tells whether a list of suites holds one.
bool has_suite(Bytes suites, std::uint16_t wanted) {
    for (Fields left{suites}; left.rest.size() >= 2;) {
        if (left.number(2) == wanted) {
            return true;
        }
    }
    return false;
}

/// The first suite of the client's that belongs to the version; GREASE and signals are none.
std::uint16_t first_suite(Bytes suites, bool of_1_3) {
    for (Fields left{suites}; left.rest.size() >= 2;) {
        const auto suite = static_cast<std::uint16_t>(left.number(2));
        const bool signal = suite == 0x00ff || suite == 0x5600 || (suite & 0x0f0f) == 0x0a0a;
        if (!signal && (suite >> 8 == 0x13) == of_1_3) {
            return suite;
        }
    }
    return 0;
}

void put(std::vector<std::uint8_t>& out, std::size_t value, std::size_t size) {
    while (size-- > 0) {
        out.push_back(static_cast<std::uint8_t>(value >> (8 * size)));
    }
}

void put(std::vector<std::uint8_t>& out, Bytes bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

std::vector<std::uint8_t>
server_hello(Bytes random, Bytes session, std::uint16_t suite, Bytes extensions) {
    const std::size_t size =
        2 + 32 + 1 + session.size() + 2 + 1 + (extensions.empty() ? 0 : 2 + extensions.size());
    std::vector<std::uint8_t> out;
    out.reserve(9 + size);
    put(out, 0x160303, 3);
    put(out, size + 4, 2);
    put(out, 0x02, 1);
    put(out, size, 3);
    put(out, k_tls_1_2, 2);
    put(out, random);
    put(out, session.size(), 1);
    put(out, session);
    put(out, suite, 2);
    put(out, 0, 1);
    if (!extensions.empty()) {
        put(out, extensions.size(), 2);
        put(out, extensions);
    }
    return out;
}

/// Appends a handshake message in a record of its own.
void put_message(std::vector<std::uint8_t>& out, std::uint8_t type, Bytes body) {
    put(out, 0x160303, 3);
    put(out, body.size() + 4, 2);
    put(out, type, 1);
    put(out, body.size(), 3);
    put(out, body);
}

/// Appends what follows a ServerHello of TLS 1.2: certificate, key exchange where the suite has
/// one, done.
void put_rest_of_flight(std::vector<std::uint8_t>& out, std::uint16_t suite) {
    std::vector<std::uint8_t> certificate;
    put(certificate, k_canned_certificate.size() + 3, 3);
    put(certificate, k_canned_certificate.size(), 3);
    put(certificate, k_canned_certificate);
    put_message(out, 11, certificate);
    if (suite >= 0xc000) { // ECDHE, as good as always
        std::vector<std::uint8_t> exchange;
        put(exchange, 0x03'001d'20, 4);
        exchange.resize(exchange.size() + 32, 0x42);
        put(exchange, 0x0403'0040, 4);
        exchange.resize(exchange.size() + 64, 0x42);
        put_message(out, 12, exchange);
    }
    put_message(out, 14, {});
}

Answer alert(std::uint8_t number, std::uint16_t version) {
    return {{0x15, 0x03, static_cast<std::uint8_t>(version & 0xff), 0, 2, 2, number}, true};
}

/// With a share of the client's, a ServerHello to it; without one, a HelloRetryRequest for its
/// first group.
Answer answer_1_3(const Hello& hello, std::uint16_t suite) {
    std::vector<std::uint8_t> extensions;
    put(extensions, 0x002b0002'0304, 6);
    if (hello.shares.size() >= 4) {
        Fields share{hello.shares};
        const std::size_t group = share.number(2);
        const std::size_t size = share.number(2);
        put(extensions, 0x0033, 2);
        put(extensions, 4 + size, 2);
        put(extensions, group, 2);
        put(extensions, size, 2);
        extensions.resize(extensions.size() + size, 0x42);
        std::array<std::uint8_t, 32> random;
        random.fill(0x5a);
        return {server_hello(random, hello.session, suite, extensions)};
    }
    if (hello.groups.size() < 2) {
        return alert(109, k_tls_1_2);
    }
    put(extensions, 0x0033'0002, 4);
    put(extensions, hello.groups.first(2));
    return {server_hello(k_retry, hello.session, suite, extensions)};
}

} // namespace

bool is_whole(Bytes received) {
    if (received.size() < 5) {
        return false;
    }
    if (received[0] != 0x16) {
        return true;
    }
    return received.size() >= 5 + (static_cast<std::size_t>(received[3]) << 8 | received[4]);
}

Answer answer_to(Bytes message) {
    if (message.empty()) {
        return {{}, true};
    }
    if (message[0] != 0x16) {
        return alert(70, k_tls_1_2); // SSL 2.0's hello; OpenSSL 3 answers it so
    }
    const std::optional<Hello> hello = read(message);
    if (!hello) {
        return {{}, true};
    }
    const std::uint16_t suite = first_suite(hello->suites, hello->offers_1_3);
    if (hello->offers_1_3 && suite != 0) {
        return answer_1_3(*hello, suite);
    }
    if (hello->version < k_tls_1_2) {
        return alert(70, hello->version);
    }
    const std::uint16_t older = first_suite(hello->suites, false);
    if (older == 0) {
        return alert(40, k_tls_1_2);
    }
    std::array<std::uint8_t, 32> random;
    random.fill(0x5a);
    constexpr std::array<std::uint8_t, 5> secure_renegotiation = {0xff, 0x01, 0x00, 0x01, 0x00};
    const bool asked = hello->renegotiates_securely || has_suite(hello->suites, 0x00ff);
    Answer answer = {server_hello(random, {}, older, asked ? Bytes(secure_renegotiation) : Bytes())
    };
    put_rest_of_flight(answer.bytes, older);
    return answer;
}

} // namespace tlsdoctor::bench
