// SPDX-License-Identifier: Apache-2.0
// Words of certificates as people read them become the facts that decide handshakes.
#include "cli/config_knowledge.hpp"

#include <array>
#include <functional>
#include <map>
#include <memory>

#include "base/text.hpp"
#include "crypto/certificate.hpp"
#include "crypto/cipher_string.hpp"

namespace tlsdoctor::cli {

namespace {

struct KeyName {
    std::string_view words{};
    std::string_view name{};
};
/// How crypto calls types of keys, and how configurations do.
constexpr KeyName k_key_names[] = {
    {"RSA", "rsa"}, {"EC", "ecdsa"}, {"Ed25519", "ed25519"}, {"Ed448", "ed448"}, {"DSA", "dsa"},
};
constexpr std::uint32_t k_most_key_bits = 1'000'000;

std::string key_name(std::string_view type) {
    for (const KeyName& row : k_key_names) {
        if (type == row.words) {
            return std::string{row.name};
        }
    }
    return lower(type);
}

/// `P-256` has 256 bits.
int bits_of_curve(std::string_view curve) {
    const std::size_t dash = curve.rfind('-');
    const auto bits =
        dash == std::string_view::npos ? std::nullopt : number_in(curve.substr(dash + 1), 1'000);
    return static_cast<int>(bits.value_or(0));
}

/// The most specific common name of a subject: `CN=a.test,O=Example`.
std::string common_name(std::string_view subject) {
    for (const std::string_view part : split(subject, ',')) {
        if (part.starts_with("CN=")) {
            return std::string{part.substr(3)};
        }
    }
    return {};
}

std::expected<std::vector<CipherSuite>, std::string> suites_by_openssl(const std::string& text) {
    auto suites = crypto::suites_of_a_server(text);
    if (!suites) {
        return std::unexpected{suites.error().what + ": " + suites.error().cause};
    }
    return *std::move(suites);
}

std::optional<config::CertificateInfo> certificate_in(const std::string& pem) {
    const Bytes der = crypto::certificate_der(pem);
    const auto facts =
        der.empty() ? std::unexpected{crypto::CryptoError{}} : crypto::read_certificate(der);
    if (!facts) {
        return std::nullopt;
    }
    const auto words = split(facts->key, ' ');
    config::CertificateInfo info{.key = key_name(words.front()), .names = facts->names};
    if (words.size() > 1 && info.key == "ecdsa") {
        info.curve = words[1];
        info.bits = bits_of_curve(words[1]);
    } else if (words.size() > 1) {
        info.bits = static_cast<int>(number_in(words[1], k_most_key_bits).value_or(0));
    }
    const std::string signature = lower(facts->signature);
    info.sha1 = signature.starts_with("sha1") || signature.starts_with("md5") ||
                signature.ends_with("-sha1");
    const std::string name = common_name(facts->subject);
    if (info.names.empty() && !name.empty()) {
        info.names.push_back(name);
    }
    return info;
}

/// Answers the same question once: a configuration of 500 names asks it 500 times, and a fix is
/// found by reading that again and again. Forgets all where it knows too much.
template <typename Answer>
std::function<Answer(const std::string&)> remembered(Answer (*ask)(const std::string&)) {
    constexpr std::size_t k_most_answers = 10'000;
    return
        [ask, known = std::make_shared<std::map<std::string, Answer>>()](const std::string& text) {
            if (const auto found = known->find(text); found != known->end()) {
                return found->second;
            }
            if (known->size() >= k_most_answers) {
                known->clear();
            }
            return known->emplace(text, ask(text)).first->second;
        };
}

} // namespace

const config::Knowledge& config_knowledge() {
    static const config::Knowledge knowledge{
        .suites = remembered(suites_by_openssl), .certificate = remembered(certificate_in)
    };
    return knowledge;
}

} // namespace tlsdoctor::cli
