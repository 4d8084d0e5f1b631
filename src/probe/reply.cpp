// SPDX-License-Identifier: Apache-2.0
// From bytes to an outcome. The order of questions: is it TLS, SSL 2.0 or neither; then record by
// record, message by message, until something decides.
#include "probe/reply.hpp"

#include <algorithm>
#include <array>

#include "probe/foreign.hpp"
#include "wire/alert.hpp"
#include "wire/extensions.hpp"
#include "wire/server_hello.hpp"
#include "wire/server_key_exchange.hpp"
#include "wire/ssl2.hpp"

namespace tlsdoctor::probe {

namespace {

using evidence::Ending;
using evidence::Exchange;
using evidence::Outcome;
using evidence::Shape;

/// What an answer is worth keeping.
constexpr std::size_t k_most_kept = 16 * 1024UL;

/// What is judged; more than is kept, so that the largest record is seen whole: a server that puts
/// its flight into as few records as it can fills the first one to its 16,389 bytes.
constexpr std::size_t k_most_judged = 32 * 1024UL;

/// As much of a greeting as `protocol_of` looks at, so that its name does not depend on how the
/// network cut it; a shorter one is named when the peer falls silent.
constexpr std::size_t k_telling_greeting = 512;

std::optional<NamedGroup> share_group(const wire::ServerHello& hello) {
    const wire::Extension* const share = wire::find(hello.extensions, ExtensionType::key_share);
    if (share == nullptr) {
        return std::nullopt;
    }
    if (is_hello_retry_request(hello)) {
        const auto group = wire::read_selected_group(share->data);
        return group ? std::optional(*group) : std::nullopt;
    }
    const auto entry = wire::read_server_share(share->data);
    return entry ? std::optional(entry->group) : std::nullopt;
}

} // namespace

ReplyReader::ReplyReader(const evidence::Offer& offered, std::uint16_t port)
    : offered_(offered), port_(port) {}

void ReplyReader::feed(ByteView bytes) {
    if (wants_ == Wants::nothing) {
        return;
    }
    bytes = bytes.first(std::min(k_most_judged - judged_, bytes.size()));
    judged_ += bytes.size();
    const std::size_t room = k_most_kept - answer_.received.size();
    const ByteView kept = bytes.first(std::min(room, bytes.size()));
    answer_.received.insert(answer_.received.end(), kept.begin(), kept.end());
    if (framing_ == wire::Framing::need_more) {
        framing_ = wire::framing_of(answer_.received);
        if (offered_.shape != Shape::ssl2 && framing_ == wire::Framing::ssl2) {
            framing_ =
                wire::Framing::unknown; // nothing else answers a TLS hello in SSL 2.0's records
        }
    }
    switch (framing_) {
    case wire::Framing::need_more:
        ssl2_.feed(bytes); // TLS is known by its first byte
        break;
    case wire::Framing::tls:
        records_.feed(bytes);
        read_tls();
        break;
    case wire::Framing::ssl2:
        ssl2_.feed(bytes);
        read_ssl2();
        break;
    case wire::Framing::unknown:
        decide(
            Outcome::not_tls,
            answer_.received.size() < k_telling_greeting ? Wants::rest : Wants::nothing
        );
        break;
    }
    if (judged_ >= k_most_judged) {
        decide(Outcome::garbled, Wants::nothing); // kept where something decided before
    }
}

void ReplyReader::decide(Outcome outcome, Wants wants) {
    if (!decided_) {
        answer_.outcome = outcome;
        decided_ = true;
    }
    wants_ = wants;
}

void ReplyReader::read_tls() {
    while (wants_ != Wants::nothing) {
        auto record = records_.next();
        if (!record) {
            // Random text can begin with a TLS content type: it is another protocol unless a whole
            // record or an SSL version was seen.
            const bool looks_like_tls =
                read_whole_record_ || (answer_.received.size() > 1 && answer_.received[1] == 3);
            decide(looks_like_tls ? Outcome::garbled : Outcome::not_tls, Wants::nothing);
            return;
        }
        if (!*record) {
            return;
        }
        read_whole_record_ = true;
        switch ((*record)->type) {
        case wire::ContentType::alert:
            take_alert(**record);
            break;
        case wire::ContentType::handshake:
            messages_.feed((*record)->fragment);
            read_messages();
            break;
        default:
            // After an acceptance the rest is encrypted or a ChangeCipherSpec for middleboxes.
            decide(Outcome::garbled, Wants::nothing);
            break;
        }
    }
}

void ReplyReader::take_alert(const wire::Record& record) {
    const auto alert = wire::read_alert(record.fragment);
    if (!alert) {
        decide(Outcome::garbled, Wants::nothing);
        return;
    }
    const evidence::Alert seen{
        .level = alert->level,
        .description = alert->description,
        .record_version = record.version,
    };
    const bool accepted = decided_ && answer_.outcome != Outcome::refused;
    if (accepted) {
        answer_.alert_after = seen;
        wants_ = Wants::nothing;
        return;
    }
    if (!answer_.alert) { // wolfSSL sends two: the first is the reason
        answer_.alert = seen;
    }
    // A warning such as unrecognized_name may be followed by a ServerHello [RFC 6066 3];
    // close_notify not.
    const bool goes_on =
        alert->level == AlertLevel::warning && alert->description != AlertDescription::close_notify;
    if (!goes_on) {
        decide(Outcome::refused, Wants::rest);
    }
}

void ReplyReader::read_messages() {
    while (wants_ != Wants::nothing) {
        const auto message = messages_.next();
        if (!message) {
            decide(Outcome::garbled, Wants::nothing);
            return;
        }
        if (!*message) {
            return;
        }
        take_message(**message);
    }
}

void ReplyReader::take_message(const wire::HandshakeMessage& message) {
    switch (message.type) {
    case wire::HandshakeType::server_hello:
        if (!answer_.selection) {
            take_server_hello(message.body);
        }
        break;
    case wire::HandshakeType::server_key_exchange:
        take_server_key_exchange(message.body);
        break;
    case wire::HandshakeType::server_hello_done:
        wants_ = Wants::nothing;
        break;
    case wire::HandshakeType::hello_request:
        break; // may come at any time and says nothing [RFC 5246 7.4.1.1]
    default:
        if (!answer_.selection) {
            decide(Outcome::garbled, Wants::nothing);
        }
        break;
    }
}

void ReplyReader::take_server_hello(ByteView body) {
    const auto hello = wire::read_server_hello(body);
    if (!hello) {
        decide(Outcome::garbled, Wants::nothing);
        return;
    }
    const ProtocolVersion version = selected_version(*hello);
    answer_.selection = evidence::Selection{
        .version = version,
        .cipher_suite = hello->cipher_suite,
        .group = share_group(*hello),
        .hello_retry_request = is_hello_retry_request(*hello),
        .downgrade_from = version < ProtocolVersion::tls_1_3
                              ? wire::downgrade_sentinel(hello->random)
                              : std::nullopt,
    };
    const bool offered = std::ranges::find(offered_.versions, version) != offered_.versions.end();
    // What follows in TLS 1.3 is encrypted; before it the flight in clear goes on.
    const bool whole = version >= ProtocolVersion::tls_1_3;
    decide(
        offered ? Outcome::accepted : Outcome::other_version, whole ? Wants::nothing : Wants::rest
    );
}

void ReplyReader::take_server_key_exchange(ByteView body) {
    if (!answer_.selection) {
        decide(Outcome::garbled, Wants::nothing);
        return;
    }
    const CipherSuiteInfo* const suite = find(answer_.selection->cipher_suite);
    if (suite == nullptr) {
        return;
    }
    const auto message =
        wire::read_server_key_exchange(body, suite->key_exchange, answer_.selection->version);
    if (!message) {
        return; // the version is accepted all the same; the bytes are kept
    }
    if (const auto* const ecdh = std::get_if<wire::ServerEcdhParams>(&message->params)) {
        answer_.selection->group = ecdh->namedcurve;
    }
}

void ReplyReader::read_ssl2() {
    const auto record = ssl2_.next();
    if (!record) {
        decide(Outcome::garbled, Wants::nothing);
        return;
    }
    if (!*record) {
        return;
    }
    const Bytes& message = (*record)->data;
    if (wire::read_ssl2_server_hello(message)) {
        answer_.selection = evidence::Selection{.version = ProtocolVersion::ssl_2_0};
        decide(Outcome::accepted, Wants::nothing);
    } else if (wire::read_ssl2_error(message)) {
        // ERROR is SSL 2.0's alert; NO-CIPHER-ERROR says what handshake_failure says [draft 02, 3].
        answer_.alert = evidence::Alert{
            .level = AlertLevel::fatal,
            .description = AlertDescription::handshake_failure,
            .record_version = ProtocolVersion::ssl_2_0,
        };
        decide(Outcome::refused, Wants::rest);
    } else {
        decide(Outcome::garbled, Wants::nothing);
    }
}

void ReplyReader::conclude(Ending ending, Exchange& exchange) {
    if (!decided_ && answer_.alert) {
        decide(Outcome::refused, Wants::nothing); // only warnings came
    }
    if (!decided_ && answer_.received.empty()) {
        constexpr std::array wordless = {Outcome::silent, Outcome::closed, Outcome::reset};
        static_assert(
            std::to_underlying(Ending::fin) == 1 && std::to_underlying(Ending::reset) == 2
        );
        decide(wordless[std::to_underlying(ending)], Wants::nothing);
    }
    if (!decided_) {
        decide(
            framing_ == wire::Framing::need_more ? Outcome::not_tls : Outcome::garbled,
            Wants::nothing
        );
    }
    exchange.outcome = answer_.outcome;
    exchange.selection = answer_.selection;
    exchange.alert = answer_.alert;
    exchange.alert_after = answer_.alert_after;
    exchange.ending = ending;
    if (exchange.outcome == Outcome::not_tls) {
        exchange.protocol = protocol_of(answer_.received, port_);
    }
    exchange.received = std::move(answer_.received);
}

} // namespace tlsdoctor::probe
