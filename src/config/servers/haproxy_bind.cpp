// SPDX-License-Identifier: Apache-2.0
// HAProxy's bind lines: addresses, and the words behind them.
#include <algorithm>
#include <iterator>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/haproxy_model.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::uint32_t k_most_haproxy_ports = 256;

/// Words of a bind line (configuration manual 5.1), with the number of words behind them.
struct HaproxyBindWord {
    std::string_view name;
    std::size_t values;
};

constexpr HaproxyBindWord k_haproxy_bind_words[] = {
    {"accept-netscaler-cip", 1},
    {"accept-proxy", 0},
    {"allow-0rtt", 0},
    {"alpn", 1},
    {"backlog", 1},
    {"ca-file", 1},
    {"ca-ignore-err", 1},
    {"ca-sign-file", 1},
    {"ca-sign-pass", 1},
    {"ca-verify-file", 1},
    {"cc", 1},
    {"ciphers", 1},
    {"ciphersuites", 1},
    {"client-sigalgs", 1},
    {"crl-file", 1},
    {"crt", 1},
    {"crt-ignore-err", 1},
    {"crt-list", 1},
    {"curves", 1},
    {"default-crt", 1},
    {"defer-accept", 0},
    {"ecdhe", 1},
    {"ech", 1},
    {"expose-fd", 1},
    {"generate-certificates", 0},
    {"gid", 1},
    {"group", 1},
    {"guid-prefix", 1},
    {"id", 1},
    {"idle-ping", 1},
    {"interface", 1},
    {"ktls", 1},
    {"label", 1},
    {"level", 1},
    {"maxconn", 1},
    {"mode", 1},
    {"mss", 1},
    {"name", 1},
    {"namespace", 1},
    {"nbconn", 1},
    {"nice", 1},
    {"no-alpn", 0},
    {"no-ca-names", 0},
    {"no-strict-sni", 0},
    {"no-tls-tickets", 0},
    {"npn", 1},
    {"ocsp-update", 1},
    {"prefer-client-ciphers", 0},
    {"process", 1},
    {"proto", 1},
    {"quic-cc-algo", 1},
    {"quic-force-retry", 0},
    {"quic-socket", 1},
    {"severity-output", 1},
    {"shards", 1},
    {"sigalgs", 1},
    {"ssl", 0},
    {"strict-sni", 0},
    {"tcp-md5sig", 1},
    {"tcp-ut", 1},
    {"tfo", 0},
    {"thread", 1},
    {"tls-ticket-keys", 1},
    {"tls-tickets", 0},
    {"transparent", 0},
    {"uid", 1},
    {"user", 1},
    {"v4v6", 0},
    {"v6only", 0},
    {"verify", 1},
};

/// The host of an address, with brackets where it is one of IPv6.
std::string haproxy_host(std::string_view text, std::string_view family) {
    if (text.starts_with('[') && text.ends_with(']')) {
        text = text.substr(1, text.size() - 2);
    }
    if (text.empty() || text == "*") {
        return family == "ipv6" ? "[::]" : "0.0.0.0";
    }
    if (text == "localhost") {
        return family == "ipv6" ? "[::1]" : "127.0.0.1";
    }
    return text.contains(':') ? fmt::format("[{}]", text) : std::string{text};
}

/// Adds an address for each port of `443` or `8000-8010`.
std::string
add_ports(const std::string& host, std::string_view ports, std::vector<std::string>& addresses) {
    const std::size_t dash = ports.find('-');
    const auto first = number_in(ports.substr(0, dash), 65535);
    const auto last = dash == ports.npos ? first : number_in(ports.substr(dash + 1), 65535);
    if (!first || !last || *first == 0 || *last < *first) {
        return fmt::format("`{}` is no port", harmless(ports));
    }
    for (std::uint32_t port = *first; port <= std::min(*last, *first + k_most_haproxy_ports);
         ++port) {
        addresses.push_back(fmt::format("{}:{}", host, port));
    }
    return {};
}

std::string add_address(std::string_view text, std::vector<std::string>& addresses) {
    constexpr std::string_view k_elsewhere[] = {"abns@",  "abnsz@", "fd@",   "sockpair@", "quic4@",
                                                "quic6@", "udp@",   "udp4@", "udp6@",     "rhttp@"};
    if (std::ranges::any_of(k_elsewhere, [&](std::string_view kind) {
            return text.starts_with(kind);
        })) {
        return {}; // no port that somebody could connect to by TCP
    }
    if (text.starts_with('/') || text.starts_with("unix@") || text.starts_with("uxst@")) {
        const std::size_t at = text.find('@');
        addresses.push_back(fmt::format("unix:{}", text.substr(at == text.npos ? 0 : at + 1)));
        return {};
    }
    std::string_view family;
    if (const std::size_t at = text.find('@'); at != text.npos) {
        family = text.substr(0, at);
        text.remove_prefix(at + 1);
        family = family.contains('6') ? "ipv6" : "ipv4";
    }
    const std::size_t colon = text.rfind(':');
    if (colon == text.npos) {
        return fmt::format("`{}` has no port", harmless(text));
    }
    return add_ports(
        haproxy_host(text.substr(0, colon), family), text.substr(colon + 1), addresses
    );
}

/// Reads the words of one bind line.
class HaproxyBindReader {
public:
    HaproxyBindReader(
        const Input& input, Reading& reading, const HaproxyModel& model,
        std::span<const HaproxyWord> words, HaproxyBind& bind
    )
        : input_{input}, reading_{reading}, model_{model}, words_{words}, bind_{bind} {}

    void read() {
        for (std::size_t at = 2; at < words_.size(); ++at) {
            read_word(at);
        }
    }
    bool v6only() const { return v6only_; }

private:
    void read_word(std::size_t& at);
    void take_setting(std::size_t at);
    void take_flag(std::size_t at);
    void fatal(std::size_t at, std::string what) {
        reading_.fatal.push_back({words_[at].place, std::move(what)});
    }

    const Input& input_;
    Reading& reading_;
    const HaproxyModel& model_;
    std::span<const HaproxyWord> words_;
    HaproxyBind& bind_;
    bool v6only_{};
    bool curves_{};
};

void HaproxyBindReader::take_flag(std::size_t at) {
    const std::string& word = words_[at].text;
    if (word == "ssl") {
        bind_.ssl = true;
        bind_.defaults = model_.defaults;
        bind_.defaults_seen = model_.default_lines.size();
    } else if (word == "accept-proxy") {
        bind_.accept_proxy = true;
    } else if (word == "strict-sni") {
        bind_.strict_sni = true;
        bind_.strict_sni_place = words_[at].place;
    } else if (word == "v6only") {
        v6only_ = true;
    }
}

/// Takes a word whose value is at `at + 1`.
void HaproxyBindReader::take_setting(std::size_t at) {
    const std::string& word = words_[at].text;
    const HaproxyWord& value = words_[at + 1];
    const HaproxyText text{value.text, {{}, value.variable, value.place}};
    if (word == "ciphers") {
        bind_.own.ciphers = text;
    } else if (word == "ciphersuites") {
        bind_.own.ciphersuites = text;
    } else if (word == "curves" || (word == "ecdhe" && !curves_)) {
        bind_.own.groups = text;
        curves_ = curves_ || word == "curves";
    } else if (word == "crt" || word == "default-crt") {
        load_haproxy_certificates(input_, reading_, model_, value.text, value.place, bind_);
    } else if (word == "crt-list") {
        load_haproxy_list(input_, reading_, model_, value.text, value.place, bind_);
    }
}

void HaproxyBindReader::read_word(std::size_t& at) {
    const HaproxyTaken taken = take_version_word(words_, at, bind_.own, std::nullopt);
    if (taken == HaproxyTaken::bad) {
        fatal(at, "HAProxy knows SSLv3, TLSv1.0, TLSv1.1, TLSv1.2 and TLSv1.3 here");
    }
    if (taken != HaproxyTaken::no) {
        bind_.own_versions = true;
        return;
    }
    const auto known =
        std::ranges::find(k_haproxy_bind_words, words_[at].text, &HaproxyBindWord::name);
    if (known == std::end(k_haproxy_bind_words)) {
        fatal(at, fmt::format("`{}` is no word of a bind line", harmless(words_[at].text)));
        return;
    }
    if (at + known->values >= words_.size()) {
        fatal(at, fmt::format("`{}` needs a value", known->name));
        return;
    }
    if (known->values == 0) {
        take_flag(at);
    } else {
        take_setting(at);
        at += known->values;
    }
}

} // namespace

std::expected<std::vector<std::string>, std::string> haproxy_addresses(std::string_view text) {
    std::vector<std::string> addresses;
    for (const std::string_view one : split(text, ',')) {
        if (std::string wrong = add_address(one, addresses); !wrong.empty()) {
            return std::unexpected{std::move(wrong)};
        }
    }
    return addresses;
}

void read_haproxy_bind(
    const Input& input, Reading& reading, HaproxyModel& model, std::span<const HaproxyWord> words,
    Place statement, const HaproxyEnvironment& environment
) {
    if (words.size() < 2) {
        reading.fatal.push_back({statement, "`bind` needs an address"});
        return;
    }
    const FileId file = statement.file;
    HaproxyBind bind{
        .statement = statement,
        .options = {file, words.size() > 2 ? words[2].place.begin : statement.end, statement.end},
        .proxy = model.proxies.size() - 1
    };
    auto addresses = haproxy_addresses(resolve_haproxy_address(words[1].text, environment));
    if (!addresses) {
        reading.fatal.push_back({words[1].place, addresses.error()});
        return;
    }
    bind.addresses = std::move(*addresses);
    HaproxyBindReader reader{input, reading, model, words, bind};
    reader.read();
    // Linux opens `::` for IPv4 as well, unless it is told not to.
    for (std::size_t i = 0; i < bind.addresses.size() && !reader.v6only(); ++i) {
        if (bind.addresses[i].starts_with("[::]:")) {
            bind.addresses.push_back("0.0.0.0" + bind.addresses[i].substr(4));
        }
    }
    model.binds.push_back(std::move(bind));
}

} // namespace tlsdoctor::config
