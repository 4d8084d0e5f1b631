// SPDX-License-Identifier: Apache-2.0
// From bytes to an outcome. The order of questions: is it TLS, SSL 2.0 or neither; then record by
// record, message by message, until something decides.
#include "probe/reply.hpp"

#include <algorithm>
#include <array>

#include "probe/flight.hpp"
#include "probe/foreign.hpp"
#include "wire/alert.hpp"
#include "wire/extensions.hpp"
#include "wire/server_hello.hpp"
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

/// What is judged once there is a ServerHello: chains of 30 kB exist, and lists of 100 kB with the
/// names of certification authorities.
constexpr std::size_t k_most_flight = crypto::FirstFlight::k_most;

/// As much of a greeting as `protocol_of` looks at, so that its name does not depend on how the
/// network cut it; a shorter one is named when the peer falls silent.
constexpr std::size_t k_telling_greeting = 512;

} // namespace

ReplyReader::ReplyReader(const evidence::Offer& offered, std::uint16_t port, Insight insight)
    : offered_(offered), port_(port), insight_(std::move(insight)) {}

std::size_t ReplyReader::most_judged() const {
    return answer_.selection ? k_most_flight : k_most_judged;
}

void ReplyReader::feed(ByteView bytes) {
    // A piece may hold the ServerHello that lets more of it be judged.
    while (wants_ != Wants::nothing && !bytes.empty()) {
        const std::size_t limit = judged_ < k_most_judged ? k_most_judged : most_judged();
        const std::size_t size = std::min(limit - judged_, bytes.size());
        take(bytes.first(size));
        bytes = bytes.subspan(size);
    }
}

void ReplyReader::take(ByteView bytes) {
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
    if (judged_ >= most_judged()) {
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
        take_record(**record);
    }
}

void ReplyReader::take_record(const wire::Record& record) {
    if (record.type == wire::ContentType::alert) {
        take_alert(record);
    } else if (cipher_) {
        take_cipher(record);
    } else if (record.type == wire::ContentType::handshake) {
        messages_.feed(record.fragment);
        read_messages();
    } else if (record.type == wire::ContentType::change_cipher_spec && !retry_request_.empty()) {
        return; // for middleboxes, it says nothing [RFC 8446 D.4]
    } else {
        // After an acceptance the rest is encrypted or a ChangeCipherSpec for middleboxes.
        decide(Outcome::garbled, Wants::nothing);
    }
}

void ReplyReader::take_cipher(const wire::Record& record) {
    cipher_->take(record);
    while (wants_ != Wants::nothing) {
        const auto item = cipher_->next();
        if (!item) {
            break;
        }
        if (const auto* const alert = std::get_if<wire::Alert>(&*item)) {
            answer_.alert_after = evidence::Alert{
                .level = alert->level,
                .description = alert->description,
                .record_version = record.version,
            };
            answer_.after_encrypted = true;
            wants_ = Wants::nothing;
            return;
        }
        take_message(std::get<wire::HandshakeMessage>(*item));
    }
    if (wants_ != Wants::nothing && !cipher_->failure().empty()) {
        answer_.flight->failure = cipher_->failure();
        wants_ = Wants::nothing;
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
        if (cipher_) {
            // RFC 8446 5.1: "Handshake messages MUST NOT span key changes."
            if (messages_.pending() > 0) {
                answer_.flight->failure = "a message in clear where it must be in cipher";
                wants_ = Wants::nothing;
            }
            return;
        }
    }
}

void ReplyReader::take_message(const wire::HandshakeMessage& message) {
    if (message.type == wire::HandshakeType::hello_request) {
        return; // may come at any time and says nothing [RFC 5246 7.4.1.1]
    }
    if (!answer_.selection) {
        if (message.type == wire::HandshakeType::server_hello) {
            take_server_hello(message.body);
        } else {
            decide(Outcome::garbled, Wants::nothing);
        }
        return;
    }
    if (answer_.flight) {
        take_down(message, insight_.look_inside, *answer_.selection, *answer_.flight);
    }
    if (message.type == wire::HandshakeType::server_hello_done ||
        message.type == wire::HandshakeType::finished) {
        wants_ = Wants::nothing;
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
        .after_retry = !retry_.request.empty(),
        .downgrade_from = version < ProtocolVersion::tls_1_3
                              ? wire::downgrade_sentinel(hello->random)
                              : std::nullopt,
    };
    if (is_hello_retry_request(*hello)) {
        retry_request_.assign(body.begin(), body.end());
    } else {
        answer_.flight = flight_of(*hello);
        open_cipher(body);
    }
    const bool offered = std::ranges::find(offered_.versions, version) != offered_.versions.end();
    // What follows in TLS 1.3 is encrypted; before it the flight in clear goes on.
    const bool whole = version >= ProtocolVersion::tls_1_3 && !cipher_;
    decide(
        offered ? Outcome::accepted : Outcome::other_version, whole ? Wants::nothing : Wants::rest
    );
}

void ReplyReader::open_cipher(ByteView server_hello) {
    if (insight_.keys.empty() || answer_.selection->version != ProtocolVersion::tls_1_3) {
        return;
    }
    const Bytes message = handshake_message(wire::HandshakeType::server_hello, server_hello);
    auto opened = crypto::FirstFlight::open(insight_.keys, insight_.client_hello, message, retry_);
    if (opened) {
        cipher_.emplace(std::move(*opened));
    } else {
        answer_.flight->failure = opened.error().cause;
    }
}

void ReplyReader::go_on(Insight insight) {
    retry_ = {
        .first_client_hello = std::move(insight_.client_hello),
        .request = handshake_message(wire::HandshakeType::server_hello, retry_request_),
    };
    insight_ = std::move(insight);
    answer_.selection.reset();
    answer_.outcome = Outcome::not_tested;
    before_second_hello_ = answer_.received.size();
    decided_ = false;
    wants_ = Wants::answer;
    read_tls(); // a ChangeCipherSpec may wait
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
    if (!decided_ && answer_.received.size() == before_second_hello_) {
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
    exchange.flight = std::move(answer_.flight);
    exchange.alert = answer_.alert;
    exchange.alert_after = answer_.alert_after;
    exchange.after_encrypted = answer_.after_encrypted;
    exchange.ending = ending;
    if (exchange.outcome == Outcome::not_tls) {
        exchange.protocol = protocol_of(answer_.received, port_);
    }
    exchange.received = std::move(answer_.received);
}

} // namespace tlsdoctor::probe
