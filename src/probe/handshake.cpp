// SPDX-License-Identifier: Apache-2.0
// Carries bytes between a stream and crypto's ClientSession, which knows no socket.
#include "probe/handshake.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "crypto/certificate.hpp"
#include "crypto/client_session.hpp"
#include "probe/http_answer.hpp"

namespace tlsdoctor::probe {

namespace {

using evidence::Certificate;
using evidence::Handshake;

/// How long a server may take to refuse a missing certificate after the handshake: as many times
/// as long as the handshake took, and at least so long.
constexpr int k_judgement_factor = 10;
constexpr milliseconds k_judgement{1'000};

struct TrustPair {
    crypto::Trust seen;
    evidence::Trust told;
};

constexpr TrustPair k_trusts[] = {
    {crypto::Trust::not_judged, evidence::Trust::not_judged},
    {crypto::Trust::trusted, evidence::Trust::trusted},
    {crypto::Trust::expired, evidence::Trust::expired},
    {crypto::Trust::not_yet_valid, evidence::Trust::not_yet_valid},
    {crypto::Trust::name_mismatch, evidence::Trust::name_mismatch},
    {crypto::Trust::self_signed, evidence::Trust::self_signed},
    {crypto::Trust::unknown_issuer, evidence::Trust::unknown_issuer},
    {crypto::Trust::other, evidence::Trust::other},
};

evidence::Trust told(crypto::Trust seen) {
    const auto* const at = std::ranges::find(k_trusts, seen, &TrustPair::seen);
    return at == std::end(k_trusts) ? evidence::Trust::other : at->told;
}

Certificate certificate_of(ByteView der) {
    auto facts = crypto::read_certificate(der);
    if (!facts) {
        return {.subject = "unreadable certificate"};
    }
    return {
        .subject = std::move(facts->subject),
        .issuer = std::move(facts->issuer),
        .names = std::move(facts->names),
        .not_before = std::move(facts->not_before),
        .not_after = std::move(facts->not_after),
        .key = std::move(facts->key),
        .signature = std::move(facts->signature),
        .sha256 = std::move(facts->sha256),
    };
}

/// The alert that ended it is the last one; what a server says when we leave is no failure.
void write_down_alert(const crypto::ClientSession& session, Handshake& handshake) {
    const bool failed = !session.failure().empty() || !session.failure_after().empty();
    if (!failed || session.alerts().empty()) {
        return;
    }
    const crypto::ReceivedAlert& last = session.alerts().back();
    if (last.level != AlertLevel::fatal) {
        return;
    }
    handshake.alert = {
        .level = last.level,
        .description = last.description,
        .record_version = last.record_version,
    };
    handshake.alert_encrypted = last.encrypted;
}

void write_down(const crypto::ClientSession& session, Handshake& handshake) {
    handshake.completed = session.state() == crypto::SessionState::done;
    handshake.version = session.version();
    handshake.cipher_suite = session.cipher_suite();
    handshake.failure = session.failure();
    handshake.asked_for_certificate = session.asked_for_certificate();
    for (const Bytes& name : session.certificate_authorities()) {
        handshake.certificate_authorities.push_back(crypto::read_name(name));
    }
    write_down_alert(session, handshake);
    if (!session.failure_after().empty()) {
        handshake.failure_after = session.failure_after();
    }
    for (const Bytes& der : session.chain()) {
        handshake.chain.push_back(certificate_of(der));
    }
    const crypto::Verification verification = session.verification();
    handshake.trust = told(verification.trust);
    handshake.trust_error = verification.error;
}

/// Exchanges bytes until the handshake is complete or broken; returns why the transport gave up, if
/// so.
asio::awaitable<std::string>
converse(Channel& stream, crypto::ClientSession& session, TimePoint deadline) {
    std::array<std::uint8_t, 8192> buffer{};
    const std::span<std::uint8_t> into(buffer);
    while (session.state() == crypto::SessionState::wants_input) {
        const Bytes output = session.take_output();
        if (!output.empty()) {
            const ByteView bytes = output;
            co_await stream.write_all(bytes, deadline); // a peer that hung up shows in the read
        }
        const auto size = co_await stream.read_some(into, deadline);
        if (size) {
            const ByteView bytes = into.first(*size);
            session.feed(bytes);
        } else if (size.error().kind == net::StreamFailure::closed) {
            session.end(crypto::StreamEnd::closed);
        } else if (size.error().kind == net::StreamFailure::reset) {
            session.end(crypto::StreamEnd::reset);
        } else {
            co_return size.error().text;
        }
    }
    co_return "";
}

/// Sends what the session still has to say.
asio::awaitable<void> flush(Channel& stream, crypto::ClientSession& session, TimePoint deadline) {
    const Bytes output = session.take_output();
    const ByteView bytes = output;
    co_await stream.write_all(bytes, deadline);
}

/// What came after the handshake.
struct Aftermath {
    std::string text{}; ///< application data
    bool closed{};      ///< by the server, with an alert at most
};

/// In TLS 1.3 a server judges the client's certificate after the handshake is complete for the
/// client [RFC 8446 4.4.2.4]: an alert that says so comes with the next flight or not at all.
asio::awaitable<Aftermath> hear_the_judgement(
    Channel& stream, crypto::ClientSession& session, bool until_answered, TimePoint deadline
) {
    std::array<std::uint8_t, 8192> buffer{};
    const std::span<std::uint8_t> into(buffer);
    Aftermath heard;
    while (session.failure_after().empty() && !(until_answered && is_complete(heard.text))) {
        const auto size = co_await stream.read_some(into, deadline);
        if (!size) {
            heard.closed = size.error().kind == net::StreamFailure::closed ||
                           size.error().kind == net::StreamFailure::reset;
            break;
        }
        const ByteView bytes = into.first(*size);
        session.feed(bytes);
        heard.text += session.read();
    }
    co_return heard;
}

/// Waits for the server's word on the certificate that it asked for and did not get.
asio::awaitable<void> await_judgement(
    Channel& stream, crypto::ClientSession& session, const std::string& http_host,
    Patience patience, milliseconds took, Handshake& handshake
) {
    const bool by_http = !http_host.empty();
    if (by_http) {
        session.write(head_request(http_host));
    }
    const milliseconds quick =
        std::min(patience.answer, std::max(k_judgement, k_judgement_factor * took));
    const TimePoint until =
        std::min(Clock::now() + (by_http ? patience.answer : quick), patience.deadline);
    co_await flush(stream, session, until);
    const Aftermath heard = co_await hear_the_judgement(stream, session, by_http, until);
    HttpAnswer answer = read_http_answer(heard.text);
    handshake.http_status = std::move(answer.status);
    handshake.http_demands_certificate = answer.demands_certificate;
    if (heard.closed && heard.text.empty()) {
        handshake.failure_after = "the server closed the connection";
    }
}

} // namespace

asio::awaitable<Handshake> shake_hands(
    net::Loop& loop, net::Address server, HandshakeOptions options, Patience patience, Route route
) {
    const TimePoint begun = Clock::now();
    Handshake handshake;
    crypto::ClientOptions client;
    client.server_name = options.name;
    client.send_server_name = options.send_name;
    client.ca_file = options.ca_file;
    client.certificate_file = options.certificate_file;
    client.key_file = options.key_file;
    auto session = crypto::ClientSession::create(client);
    if (!session) {
        handshake.failure = session.error().what;
        co_return handshake;
    }
    auto way = co_await open_way(loop, server, route, patience);
    if (!way.channel) {
        handshake.failure = way.stopped;
        co_return handshake;
    }
    Channel& stream = *way.channel;
    const TimePoint answer_by = std::min(Clock::now() + patience.answer, patience.deadline);
    const std::string gave_up = co_await converse(stream, *session, answer_by);
    co_await flush(stream, *session, answer_by);
    stream.leave_packets();
    if (session->state() == crypto::SessionState::done && session->asked_for_certificate()) {
        const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - begun);
        co_await await_judgement(stream, *session, options.http_host, patience, took, handshake);
    }
    write_down(*session, handshake);
    handshake.sent_certificate =
        handshake.asked_for_certificate && !options.certificate_file.empty();
    if (!gave_up.empty()) {
        handshake.failure = gave_up;
    }
    session->close();
    co_await flush(stream, *session, answer_by);
    stream.stream().close();
    handshake.ms = milliseconds_between(begun, Clock::now());
    co_return handshake;
}

asio::awaitable<Handshake>
shake_hands(net::Loop& loop, net::Address server, HandshakeOptions options, Patience patience) {
    return shake_hands(loop, std::move(server), std::move(options), patience, Route{});
}

} // namespace tlsdoctor::probe
