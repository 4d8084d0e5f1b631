// SPDX-License-Identifier: Apache-2.0
// Reads a recorded visit. A `Fields` looks at one object; the first error sticks in the `Errors`
// that all of them share and says where it stands, so no reader below needs an `if`.
#include <charconv>
#include <limits>

#include <boost/json/parse.hpp>
#include <fmt/core.h>

#include "base/text.hpp"
#include "evidence/json.hpp"
#include "evidence/names.hpp"

namespace tlsdoctor::evidence {

namespace {

struct Errors {
    std::optional<JsonError> first{};

    void note(std::string what, std::string where) {
        if (!first) {
            first = JsonError{.what = std::move(what), .where = std::move(where)};
        }
    }
};

/// One JSON object under a path; absent members leave their target as it is.
class Fields {
public:
    Fields(const json::value& value, std::string path, Errors& errors)
        : object_(value.if_object()), path_(std::move(path)), errors_(&errors) {
        if (object_ == nullptr) {
            errors_->note("an object is wanted", path_);
        }
    }

    void text(std::string_view name, std::string& out) const {
        const json::value* const value = member(name);
        if (value == nullptr) {
            return;
        }
        if (const json::string* const found = value->if_string()) {
            out.assign(found->data(), found->size());
        } else {
            wrong(name, "a string is wanted");
        }
    }

    void text(std::string_view name, std::optional<std::string>& out) const {
        const json::value* const value = member(name);
        if (value != nullptr && !value->is_null()) {
            text(name, out.emplace());
        }
    }

    void flag(std::string_view name, bool& out) const {
        const json::value* const value = member(name);
        if (value == nullptr) {
            return;
        }
        if (const bool* const found = value->if_bool()) {
            out = *found;
        } else {
            wrong(name, "true or false is wanted");
        }
    }

    void real(std::string_view name, double& out) const {
        const json::value* const value = member(name);
        if (value == nullptr) {
            return;
        }
        boost::system::error_code error;
        const double found = value->to_number<double>(error);
        if (error) {
            wrong(name, "a number is wanted");
        } else {
            out = found;
        }
    }

    /// Reads an unsigned integer or an enumeration over one; the range is checked.
    template <typename T>
    void number(std::string_view name, T& out) const {
        const json::value* const value = member(name);
        if (value == nullptr) {
            return;
        }
        boost::system::error_code error;
        const auto found = value->to_number<std::uint64_t>(error);
        if (error || found > most<T>()) {
            wrong(name, fmt::format("a whole number up to {} is wanted", most<T>()));
        } else {
            out = static_cast<T>(found);
        }
    }

    template <typename T>
    void number(std::string_view name, std::optional<T>& out) const {
        if (member(name) != nullptr) {
            number(name, out.emplace());
        }
    }

    /// Reads a word of one of our enumerations.
    template <typename T>
    void word(std::string_view name, T& out, std::optional<T> (*named)(std::string_view)) const {
        std::string found;
        text(name, found);
        if (member(name) == nullptr) {
            return;
        }
        if (const std::optional<T> value = named(found)) {
            out = *value;
        } else {
            wrong(name, fmt::format("unknown word '{}'", harmless(found)));
        }
    }

    /// Reads "1301 c02f".
    template <typename T>
    void hex_words(std::string_view name, std::vector<T>& out) const {
        std::string found;
        text(name, found);
        if (found.empty()) {
            return;
        }
        for (const std::string_view part : split(found, ' ')) {
            std::uint16_t value = 0;
            const char* const end = part.data() + part.size();
            const auto read = std::from_chars(part.data(), end, value, 16);
            if (read.ec != std::errc{} || read.ptr != end) {
                wrong(name, fmt::format("'{}' is not a hexadecimal number", harmless(part)));
                return;
            }
            out.push_back(static_cast<T>(value));
        }
    }

    void bytes(std::string_view name, Bytes& out) const {
        std::string found;
        text(name, found);
        if (auto read = from_hex(found)) {
            out = *std::move(read);
        } else {
            wrong(name, "hexadecimal digits are wanted");
        }
    }

    template <typename T, typename Read>
    void object(std::string_view name, std::optional<T>& out, Read read) const {
        const json::value* const value = member(name);
        if (value != nullptr && !value->is_null()) {
            out = read(Fields(*value, under(name), *errors_));
        }
    }

    template <typename T, typename Read>
    void list(std::string_view name, std::vector<T>& out, Read read) const {
        const json::value* const value = member(name);
        if (value == nullptr) {
            return;
        }
        const json::array* const array = value->if_array();
        if (array == nullptr) {
            wrong(name, "an array is wanted");
            return;
        }
        for (std::size_t i = 0; i < array->size(); ++i) {
            const std::string path = fmt::format("{}[{}]", under(name), i);
            out.push_back(read(Fields((*array)[i], path, *errors_)));
        }
    }

    void texts(std::string_view name, std::vector<std::string>& out) const {
        const json::value* const value = member(name);
        const json::array* const array = value == nullptr ? nullptr : value->if_array();
        if (array == nullptr) {
            return;
        }
        for (const json::value& element : *array) {
            if (const json::string* const found = element.if_string()) {
                out.emplace_back(found->data(), found->size());
            } else {
                wrong(name, "an array of strings is wanted");
            }
        }
    }

private:
    template <typename T>
    static constexpr std::uint64_t most() {
        if constexpr (std::is_enum_v<T>) {
            return std::numeric_limits<std::underlying_type_t<T>>::max();
        } else {
            return std::numeric_limits<T>::max();
        }
    }

    const json::value* member(std::string_view name) const {
        return object_ == nullptr ? nullptr : object_->if_contains(name);
    }

    std::string under(std::string_view name) const {
        return path_.empty() ? std::string{name} : fmt::format("{}.{}", path_, name);
    }

    void wrong(std::string_view name, std::string what) const {
        errors_->note(std::move(what), under(name));
    }

    const json::object* object_;
    std::string path_;
    Errors* errors_;
};

Offer read_offer(const Fields& in) {
    Offer offer;
    in.hex_words("versions", offer.versions);
    in.word("shape", offer.shape, shape_named);
    in.hex_words("cipher_suites", offer.cipher_suites);
    in.hex_words("groups", offer.groups);
    in.text("sni", offer.sni);
    return offer;
}

Alert read_alert(const Fields& in) {
    Alert alert;
    in.number("level", alert.level);
    in.number("description", alert.description);
    in.number("record_version", alert.record_version);
    return alert;
}

Selection read_selection(const Fields& in) {
    Selection selection;
    in.number("version", selection.version);
    in.number("cipher_suite", selection.cipher_suite);
    in.number("group", selection.group);
    in.flag("hello_retry_request", selection.hello_retry_request);
    in.number("downgrade_from", selection.downgrade_from);
    return selection;
}

Exchange read_exchange(const Fields& in) {
    Exchange exchange;
    in.text("id", exchange.id);
    in.word("purpose", exchange.purpose, purpose_named);
    std::optional<Offer> offer;
    in.object("offer", offer, read_offer);
    exchange.offer = offer.value_or(Offer{});
    in.word("outcome", exchange.outcome, outcome_named);
    in.word("reach", exchange.reach, reach_named);
    in.word("ending", exchange.ending, ending_named);
    in.object("selection", exchange.selection, read_selection);
    in.object("alert", exchange.alert, read_alert);
    in.object("alert_after", exchange.alert_after, read_alert);
    in.text("protocol", exchange.protocol);
    in.text("error", exchange.error);
    in.bytes("sent", exchange.sent);
    in.bytes("received", exchange.received);
    in.real("ms", exchange.ms);
    return exchange;
}

Certificate read_certificate(const Fields& in) {
    Certificate certificate;
    in.text("subject", certificate.subject);
    in.text("issuer", certificate.issuer);
    in.texts("names", certificate.names);
    in.text("not_before", certificate.not_before);
    in.text("not_after", certificate.not_after);
    in.text("key", certificate.key);
    in.text("signature", certificate.signature);
    in.text("sha256", certificate.sha256);
    return certificate;
}

Handshake read_handshake(const Fields& in) {
    Handshake handshake;
    in.text("id", handshake.id);
    in.flag("completed", handshake.completed);
    in.number("version", handshake.version);
    in.number("cipher_suite", handshake.cipher_suite);
    in.list("chain", handshake.chain, read_certificate);
    in.word("trust", handshake.trust, trust_named);
    in.text("trust_error", handshake.trust_error);
    in.text("failure", handshake.failure);
    in.real("ms", handshake.ms);
    return handshake;
}

Endpoint read_endpoint(const Fields& in) {
    Endpoint endpoint;
    in.text("address", endpoint.address);
    in.number("port", endpoint.port);
    in.word("reach", endpoint.reach, reach_named);
    in.text("reach_error", endpoint.reach_error);
    in.list("exchanges", endpoint.exchanges, read_exchange);
    in.object("handshake", endpoint.handshake, read_handshake);
    return endpoint;
}

Target read_target(const Fields& in) {
    Target target;
    in.text("input", target.input);
    in.text("scheme", target.scheme);
    in.text("host", target.host);
    in.number("port", target.port);
    in.flag("literal", target.literal);
    in.text("sni", target.sni);
    in.text("starttls", target.starttls);
    return target;
}

} // namespace

std::expected<Visit, JsonError> visit_from_json(std::string_view text) {
    boost::system::error_code error;
    json::parser parser;
    const std::size_t read = parser.write(text.data(), text.size(), error);
    if (error) {
        return std::unexpected(
            JsonError{.what = error.message(), .where = fmt::format("byte {}", read)}
        );
    }
    Errors errors;
    const json::value document = parser.release();
    const Fields in(document, "", errors);
    Visit visit;
    std::optional<Target> target;
    in.object("target", target, read_target);
    visit.target = target.value_or(Target{});
    in.text("started", visit.started);
    in.real("elapsed_ms", visit.elapsed_ms);
    in.number("connections", visit.connections);
    in.text("dns_error", visit.dns_error);
    in.flag("interrupted", visit.interrupted);
    in.list("endpoints", visit.endpoints, read_endpoint);
    if (errors.first) {
        return std::unexpected(*errors.first);
    }
    return visit;
}

} // namespace tlsdoctor::evidence
