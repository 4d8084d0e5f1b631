// SPDX-License-Identifier: Apache-2.0
// Orders of suites.
#include "probe/suite_lists.hpp"

#include <algorithm>

#include "evidence/suite_order.hpp"

namespace tlsdoctor::probe {

namespace {

/// TLS_RSA_WITH_AES_128_GCM_SHA256: known to every library with AES-GCM, used by few.
constexpr CipherSuite k_known_aes_gcm{0x009c};

bool is_aes_gcm(CipherSuite suite) {
    const CipherSuiteInfo* const info = find(suite);
    return info != nullptr && info->encryption.starts_with("AES") &&
           info->encryption.ends_with("GCM");
}

bool is_mixed(std::span<const CipherSuite> list) {
    const bool chacha = std::ranges::any_of(list, evidence::is_chacha);
    return chacha && !std::ranges::all_of(list, evidence::is_chacha);
}

} // namespace

std::vector<CipherSuite>
against_the_server(const evidence::SuiteAnswers& answers, std::span<const CipherSuite> by_server) {
    std::vector<CipherSuite> list(by_server.rbegin(), by_server.rend());
    if (!is_mixed(list) || is_aes_gcm(list.front())) {
        return list;
    }
    const auto aes = std::find_if(list.begin(), list.end() - 1, is_aes_gcm);
    if (aes != list.end() - 1) {
        std::rotate(list.begin(), aes, aes + 1);
    } else if (answers.state_of(k_known_aes_gcm) == evidence::Acceptance::refused) {
        list.insert(list.begin(), k_known_aes_gcm);
    }
    return list;
}

bool was_listed(const evidence::SuiteAnswers& answers, std::span<const CipherSuite> list) {
    return std::ranges::any_of(answers.hellos, [&](const evidence::SuiteHello& hello) {
        return std::ranges::equal(hello.exchange->offer.cipher_suites, list);
    });
}

std::vector<std::vector<CipherSuite>>
in_parts(std::span<const CipherSuite> list, std::size_t most) {
    std::vector<std::vector<CipherSuite>> parts;
    const std::size_t count = (list.size() + most - 1) / most;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t begin = i * list.size() / count;
        const std::size_t end = (i + 1) * list.size() / count;
        parts.emplace_back(
            list.begin() + static_cast<std::ptrdiff_t>(begin),
            list.begin() + static_cast<std::ptrdiff_t>(end)
        );
    }
    return parts;
}

} // namespace tlsdoctor::probe
