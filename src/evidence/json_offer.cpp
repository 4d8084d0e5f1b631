// SPDX-License-Identifier: Apache-2.0
// Writer and reader of each struct stand side by side: a field that one has and the other lacks is
// seen here first, and by the round trip in the tests.
#include "evidence/json_offer.hpp"

#include <utility>

#include <fmt/core.h>

#include "base/bytes.hpp"
#include "evidence/names.hpp"

namespace tlsdoctor::evidence {

namespace {

template <typename T>
std::string hex_words(const std::vector<T>& numbers) {
    std::string text;
    for (const T number : numbers) {
        text += fmt::format("{}{:04x}", text.empty() ? "" : " ", std::to_underlying(number));
    }
    return text;
}

template <typename T>
void put_words(json::object& object, std::string_view name, const std::vector<T>& numbers) {
    if (!numbers.empty()) {
        object[name] = hex_words(numbers);
    }
}

template <typename T>
void put_number(json::object& object, std::string_view name, T number) {
    if (number != T{}) {
        object[name] = static_cast<std::uint64_t>(number);
    }
}

void put_flag(json::object& object, std::string_view name, bool flag) {
    if (flag) {
        object[name] = true;
    }
}

void put_text(json::object& object, std::string_view name, const std::string& text) {
    if (!text.empty()) {
        object[name] = text;
    }
}

void put_texts(json::object& object, std::string_view name, const std::vector<std::string>& texts) {
    if (texts.empty()) {
        return;
    }
    json::array array;
    for (const std::string& text : texts) {
        array.emplace_back(text);
    }
    object[name] = std::move(array);
}

/// What only an enumeration asks for.
void put_leaf_and_parameters(json::object& object, const Flight& flight) {
    put_text(object, "certificate_subject", flight.certificate_subject);
    put_text(object, "certificate_not_before", flight.certificate_not_before);
    put_text(object, "certificate_not_after", flight.certificate_not_after);
    put_text(object, "certificate_sha256", flight.certificate_sha256);
    put_text(object, "dh_prime", to_hex(flight.dh_prime));
    put_words(object, "extensions", flight.extensions);
    put_words(object, "certificate_extensions", flight.certificate_extensions);
    put_flag(object, "certificate_status", flight.certificate_status);
    put_flag(object, "certificate_compressed", flight.certificate_compressed);
    put_flag(object, "session_id", flight.session_id);
    put_number(object, "compression", flight.compression);
}

} // namespace

json::object offer_json(const Offer& offer) {
    json::object object{
        {"versions", hex_words(offer.versions)},
        {"shape", name_of(offer.shape)},
        {"cipher_suites", hex_words(offer.cipher_suites)},
        {"groups", hex_words(offer.groups)},
        {"sni", offer.sni ? json::value(*offer.sni) : json::value(nullptr)},
    };
    put_number(object, "legacy_version", offer.legacy_version);
    put_number(object, "record_version", offer.record_version);
    put_words(object, "key_shares", offer.key_shares);
    put_words(object, "signature_algorithms", offer.signature_algorithms);
    put_texts(object, "alpn", offer.alpn);
    put_words(object, "extensions", offer.extensions);
    if (offer.renegotiation != Renegotiation::none) {
        object["renegotiation"] = name_of(offer.renegotiation);
    }
    if (offer.segmentation != Segmentation::whole) {
        object["segmentation"] = name_of(offer.segmentation);
    }
    put_flag(object, "extended_master_secret", offer.extended_master_secret);
    put_flag(object, "grease", offer.grease);
    put_flag(object, "compression", offer.compression);
    put_flag(object, "fallback_scsv", offer.fallback_scsv);
    put_flag(object, "proxy_header", offer.proxy_header);
    put_number(object, "padded_to", offer.padded_to);
    put_number(object, "size", offer.size);
    return object;
}

Offer read_offer(const Fields& in) {
    Offer offer;
    in.hex_words("versions", offer.versions);
    in.word("shape", offer.shape, shape_named);
    in.hex_words("cipher_suites", offer.cipher_suites);
    in.hex_words("groups", offer.groups);
    in.text("sni", offer.sni);
    in.number("legacy_version", offer.legacy_version);
    in.number("record_version", offer.record_version);
    in.hex_words("key_shares", offer.key_shares);
    in.hex_words("signature_algorithms", offer.signature_algorithms);
    in.texts("alpn", offer.alpn);
    in.hex_words("extensions", offer.extensions);
    in.word("renegotiation", offer.renegotiation, renegotiation_named);
    in.word("segmentation", offer.segmentation, segmentation_named);
    in.flag("extended_master_secret", offer.extended_master_secret);
    in.flag("grease", offer.grease);
    in.flag("compression", offer.compression);
    in.flag("fallback_scsv", offer.fallback_scsv);
    in.flag("proxy_header", offer.proxy_header);
    in.number("padded_to", offer.padded_to);
    in.number("size", offer.size);
    return offer;
}

json::object flight_json(const Flight& flight) {
    json::object object{{"stage", flight.stage}};
    put_flag(object, "renegotiation_info", flight.renegotiation_info);
    put_flag(object, "extended_master_secret", flight.extended_master_secret);
    if (flight.alpn) {
        object["alpn"] = *flight.alpn;
    }
    put_text(object, "certificate_key", flight.certificate_key);
    put_text(object, "certificate_issuer", flight.certificate_issuer);
    put_text(object, "certificate_signature", flight.certificate_signature);
    put_texts(object, "certificate_names", flight.certificate_names);
    put_number(object, "dh_bits", flight.dh_bits);
    if (flight.signature_scheme) {
        object["signature_scheme"] = std::to_underlying(*flight.signature_scheme);
    }
    put_flag(object, "certificate_requested", flight.certificate_requested);
    put_texts(object, "certificate_authorities", flight.certificate_authorities);
    put_text(object, "failure", flight.failure);
    put_leaf_and_parameters(object, flight);
    return object;
}

Flight read_flight(const Fields& in) {
    Flight flight;
    in.text("stage", flight.stage);
    in.flag("renegotiation_info", flight.renegotiation_info);
    in.flag("extended_master_secret", flight.extended_master_secret);
    in.text("alpn", flight.alpn);
    in.text("certificate_key", flight.certificate_key);
    in.text("certificate_issuer", flight.certificate_issuer);
    in.text("certificate_signature", flight.certificate_signature);
    in.texts("certificate_names", flight.certificate_names);
    in.number("dh_bits", flight.dh_bits);
    in.number("signature_scheme", flight.signature_scheme);
    in.flag("certificate_requested", flight.certificate_requested);
    in.texts("certificate_authorities", flight.certificate_authorities);
    in.text("failure", flight.failure);
    in.text("certificate_subject", flight.certificate_subject);
    in.text("certificate_not_before", flight.certificate_not_before);
    in.text("certificate_not_after", flight.certificate_not_after);
    in.text("certificate_sha256", flight.certificate_sha256);
    in.bytes("dh_prime", flight.dh_prime);
    in.hex_words("extensions", flight.extensions);
    in.hex_words("certificate_extensions", flight.certificate_extensions);
    in.flag("certificate_status", flight.certificate_status);
    in.flag("certificate_compressed", flight.certificate_compressed);
    in.flag("session_id", flight.session_id);
    in.number("compression", flight.compression);
    return flight;
}

json::object dialogue_json(const Dialogue& dialogue) {
    return {
        {"protocol", dialogue.protocol},
        {"result", dialogue.result},
        {"said", dialogue.said},
    };
}

Dialogue read_dialogue(const Fields& in) {
    Dialogue dialogue;
    in.text("protocol", dialogue.protocol);
    in.text("result", dialogue.result);
    in.text("said", dialogue.said);
    return dialogue;
}

} // namespace tlsdoctor::evidence
