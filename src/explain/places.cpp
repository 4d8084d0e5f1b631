// SPDX-License-Identifier: Apache-2.0
// Places by the ways in which programs write them, the surest first. A loopback address counts only
// where no other is there: it is often the listener of the program that complains.
#include "explain/places.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <vector>

#include <re2/re2.h>

#include "base/text.hpp"

namespace tlsdoctor::explain {

namespace {

/// Whose messages a form is read in.
enum class In : std::uint8_t { all, not_server, upstream };

/// A way of writing a place. `H` stands for a host (a group), `P` for a port (a group). With
/// `scheme_first` the first group is the scheme.
struct Form {
    std::string_view pattern{};
    In in{In::all};
    bool scheme_first{};
    bool loose{}; ///< any word and number may look so: the host must look like one
};

constexpr std::string_view k_host =
    R"((\[[0-9a-f:.]{2,45}\]|[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?))";
constexpr std::string_view k_port = R"((\d{1,5}))";

// clang-format off
constexpr Form k_forms[] = {
    {R"(upstream: "(https?|grpcs?|uwsgi|ssl)://H(?::P)?)", In::upstream, true},
    {R"(\b(https|wss|smtps?|imaps?|pop3s?|ldaps?|ftps?|xmpps?|mysqls?|postgres(?:ql)?|amqps|mqtts|rediss|mongodb|nntps?|ircs|sieve|git\+https|tls|ssl)://(?:[^\s/@'"<>]{0,100}@)?H(?::P)?)", In::not_server, true},
    {R"(connect(?:ed|ing|ion)? to (?:server at )?[<"']?H["'>]? ?\([^)]{1,60}\),? port P)", In::not_server},
    {R"(connect(?:ed|ing|ion)? to (?:server at )?[<"']?H["'>]?,? port:? ?P)", In::not_server},
    {R"(\bhost(?:name)?=['"]?H['"]?,? (?:user=\S+ )?port=['"]?P)", In::not_server},
    {R"(\b(?:-connect|-h) H:P)", In::not_server},
    {R"(\blookup H(?::P)? on \S{1,60}: )", In::not_server},
    {R"(\blookup H(?::P)?: )", In::not_server, false, true},
    {R"(relay=H\[[^\]]*\]:P)", In::not_server},
    {R"((?:SSL_connect error|TLS connection|handshake failed|connect|connecting|connection) to H\[[0-9a-f.:]+\]:P)", In::not_server},
    {R"(\b(?:server ?name|servername|SNI|server_name|sni_hostname|hostname)["']?\s?(?:is|=|:|of)?\s?["'\[(<]H["'\])>])", In::all},
    {R"(\b(?:server ?name|servername|SNI|server_name|sni_hostname)["']?(?: is|:|=| of)? ?["'\[(<]?H\b)", In::all, false, true},
    {R"(\bhost: "H(?::P)?")", In::all},
    {R"(\bserver: H(?:,|$))", In::all},
    {R"(\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT) H(?::P)?)", In::not_server, false, true},
    {R"((?:^|[\s"'(=<,@>])H:P\b)", In::not_server, false, true},
    {R"(\b(?:connect(?:ed|ing|ion)? (?:to|with)|unable to (?:access|connect to)|(?:resolve|communicate with|secure connection to)|negotiation with|handshake (?:with|to)|certificate (?:of|for)|matching|host(?:name)?|from|site|server|CN=|CONNECT)[: ]{1,2}['"<(]?H\b)", In::not_server, false, true},
    {R"(\b(http|ws)://(?:[^\s/@'"<>]{0,100}@)?H(?::P)?)", In::not_server, true},
    {R"((?:^|[\s"'(=<,@>])((?:\d{1,3}\.){3}\d{1,3})\b)", In::not_server, false, true},
};

/// Ends of file names that are also top level domains, or look like one.
constexpr std::string_view k_file_ends[] = {
    "c", "cc", "cpp", "cxx", "h", "hpp", "go", "js", "mjs", "cjs", "ts", "tsx", "py", "rb", "java", "kt",
    "scala", "rs", "cs", "vb", "php", "pl", "pm", "swift", "m", "mm", "erl", "ex", "exs", "lua", "tcl",
    "jar", "exe", "dll", "so", "log", "conf", "cnf", "cfg", "ini", "pem", "crt", "cer", "key", "txt",
    "json", "xml", "yml", "yaml", "html", "sh", "bat", "ps1", "inc", "in", "gem", "lock", "toml",
};

/// Of these, the ends of real host names; with one of the usual ports it is one.
constexpr std::string_view k_country_ends[] = {
    "cc", "cs", "in", "mm", "pl", "pm", "py", "rs", "sh", "so",
};

constexpr std::uint16_t k_usual_ports[] = {443, 8443, 465, 587, 25, 993, 995, 636, 8883, 5671};

/// Ports of TLS, and of services that become TLS: with one of them a name needs no dot.
constexpr std::uint16_t k_ports[] = {
    443, 465, 563, 587, 636, 853, 989, 990, 992, 993, 994, 995, 25, 110, 143, 21, 389, 119, 2376, 2379,
    2380, 3128, 3269, 3306, 3389, 4190, 4433, 5001, 5222, 5223, 5269, 5432, 5671, 5672, 5986, 6379, 6380,
    6443, 6514, 6667, 6697, 8006, 8080, 8083, 8140, 8243, 8443, 8444, 8883, 8888, 9000, 9042, 9092, 9093,
    9142, 9200, 9243, 9300, 9443, 10250, 10443, 11211, 15671, 27017, 50051,
};

/// Words before a colon and a number that are no hosts.
constexpr std::string_view k_no_hosts[] = {
    "port", "line", "code", "error", "errno", "status", "exit", "pid", "tcp", "udp", "alert", "level",
    "version", "number", "api", "err", "rc", "ret", "depth", "fd", "uid", "id", "tls", "ssl", "http",
    "https", "the", "server", "client", "peer", "remote", "this", "your", "a", "an", "host", "upstream",
    "unknown", "localhost.localdomain", "any", "handshake", "example", "it", "me",
};
// clang-format on

template <typename Table, typename Value>
bool is_in(const Table& table, const Value& value) {
    return std::ranges::find(table, value) != std::end(table);
}

bool is_decimal(char c) {
    return c >= '0' && c <= '9';
}

/// Four numbers with dots between, none above 255; or hexadecimal with two colons at least.
bool is_address(std::string_view host) {
    if (std::ranges::count(host, ':') > 1) {
        return true; // the form had it in brackets
    }
    const auto parts = split(host, '.');
    return parts.size() == 4 && std::ranges::all_of(parts, [](std::string_view part) {
               return number_in(part, 255).has_value();
           });
}

bool is_nowhere(std::string_view host) {
    return host == "0.0.0.0" || host == "::" || host == "_" || host == "*";
}

bool is_loopback(std::string_view host) {
    return host.starts_with("127.") || host == "::1" || host == "localhost";
}

/// A name that can stand in the DNS: labels without an empty one among them.
bool is_name(std::string_view host) {
    const auto labels = split(host, '.');
    return std::ranges::none_of(labels, [](std::string_view label) {
        return label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-';
    });
}

/// Tells a host from a file, a class or a version where the text around it does not.
bool looks_like_host(std::string_view host, std::uint16_t port) {
    if (is_address(host)) {
        return true;
    }
    const std::size_t dot = host.rfind('.');
    const bool known_port = is_in(k_ports, port);
    if (dot == std::string_view::npos) {
        return host == "localhost" || (known_port && !is_decimal(host.front()));
    }
    const std::string_view end = host.substr(dot + 1);
    const bool letters = std::ranges::all_of(end, [](char c) { return c >= 'a' && c <= 'z'; }) ||
                         end.starts_with("xn--");
    const bool program = host.starts_with("javax.") || host.starts_with("java.") ||
                         host.starts_with("sun.") || host.starts_with("org.") ||
                         host.starts_with("com.") || host.starts_with("io.") ||
                         host.starts_with("system.net") || host.starts_with("net.");
    return letters && end.size() > 1 &&
           (!is_in(k_file_ends, end) || (is_in(k_country_ends, end) && is_in(k_usual_ports, port))
           ) &&
           !(program && port == 0);
}

std::string replaced(std::string_view pattern) {
    std::string result;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        const bool alone = at == 0 || (pattern[at - 1] < 'A' || pattern[at - 1] > 'Z');
        const bool ends =
            at + 1 == pattern.size() || pattern[at + 1] < 'A' || pattern[at + 1] > 'Z';
        if (alone && ends && pattern[at] == 'H') {
            result += k_host;
        } else if (alone && ends && pattern[at] == 'P') {
            result += k_port;
        } else {
            result += pattern[at];
        }
    }
    return result;
}

bool reads(In in, Observer observer) {
    switch (in) {
    case In::all:
        return true;
    case In::not_server:
        return observer != Observer::server;
    case In::upstream:
        return observer == Observer::proxy_upstream;
    }
    std::unreachable();
}

} // namespace

struct PlaceFinder::Forms {
    std::array<std::unique_ptr<RE2>, std::size(k_forms)> patterns{}; ///< made when first needed

    const RE2& at(std::size_t form) {
        if (!patterns[form]) {
            RE2::Options options{RE2::Latin1};
            options.set_case_sensitive(false);
            options.set_log_errors(false);
            patterns[form] = std::make_unique<RE2>(replaced(k_forms[form].pattern), options);
        }
        return *patterns[form];
    }
};

PlaceFinder::PlaceFinder() : forms_{std::make_unique<Forms>()} {}

PlaceFinder::~PlaceFinder() = default;

namespace {

/// Takes what a form's groups held, or nothing where that is no host.
Place place_of(const Form& form, std::span<const re2::StringPiece> groups) {
    const auto text = [&](std::size_t at) {
        return at < groups.size() && groups[at].data() != nullptr
                   ? std::string_view{groups[at].data(), groups[at].size()}
                   : std::string_view{};
    };
    const std::size_t at = form.scheme_first ? 2 : 1;
    Place place;
    place.host = lower(text(at));
    if (place.host.starts_with('[') && place.host.ends_with(']')) {
        place.host = place.host.substr(1, place.host.size() - 2);
    }
    const auto port = number_in(text(at + 1), 65535);
    place.port = static_cast<std::uint16_t>(port.value_or(0));
    place.scheme = form.scheme_first ? lower(text(1)) : "";
    constexpr std::uint16_t k_dns = 53; // the resolver that was asked, not the host
    const bool good = !place.host.empty() && place.port != k_dns && !is_nowhere(place.host) &&
                      (is_address(place.host) || is_name(place.host)) &&
                      !is_in(k_no_hosts, std::string_view{place.host}) &&
                      (!form.loose || looks_like_host(place.host, place.port));
    return good ? place : Place{};
}

/// `client: 192.0.2.1` in a server's log is who asked, not who was asked.
bool is_of_client(std::string_view before) {
    const std::string words =
        lower(before.substr(before.size() - std::min<std::size_t>(before.size(), 12)));
    return words.ends_with("client: ") || words.ends_with("client=") ||
           words.ends_with("client ") || words.ends_with("rip=") || words.ends_with("peer: ");
}

/// `10.0.0.9:4444->10.0.0.2:53`: this end of a connection, and the resolver at the other.
bool is_own_or_resolver(std::string_view behind) {
    const std::size_t end = behind.find_first_not_of(":0123456789");
    const std::string_view port = behind.substr(0, end);
    return port == ":53" || port == ":53:" || behind.substr(port.size()).starts_with("->");
}

/// Returns the first place that a form finds in a line, a loopback one only where it is the last.
Place find_in(const RE2& pattern, const Form& form, std::string_view line) {
    constexpr std::size_t k_groups = 4;
    constexpr int k_tries = 20;
    std::array<re2::StringPiece, k_groups> groups;
    const int wanted = std::min(pattern.NumberOfCapturingGroups() + 1, static_cast<int>(k_groups));
    const re2::StringPiece text{line.data(), line.size()};
    Place second;
    std::size_t at = 0;
    for (int tries = 0; tries < k_tries && at < line.size(); ++tries) {
        if (!pattern.Match(text, at, line.size(), RE2::UNANCHORED, groups.data(), wanted)) {
            break;
        }
        const Place place =
            place_of(form, std::span{groups}.first(static_cast<std::size_t>(wanted)));
        const auto begin = static_cast<std::size_t>(groups[0].data() - line.data());
        const std::size_t behind = begin + groups[0].size();
        const bool client =
            is_own_or_resolver(line.substr(behind)) || is_of_client(line.substr(0, begin + 1));
        if (!client && !place.host.empty() && !is_loopback(place.host)) {
            return place;
        }
        if (!client && second.host.empty()) {
            second = place;
        }
        at = std::max(behind, at + 1);
    }
    return second;
}

} // namespace

Place PlaceFinder::find(std::span<const std::string> lines, Observer observer) const {
    Place second;
    for (std::size_t form = 0; form < std::size(k_forms); ++form) {
        if (!reads(k_forms[form].in, observer)) {
            continue;
        }
        for (const std::string& line : lines) {
            Place place = find_in(forms_->at(form), k_forms[form], line);
            if (!place.host.empty() && !is_loopback(place.host)) {
                return place;
            }
            if (second.host.empty()) {
                second = std::move(place);
            }
        }
    }
    return second;
}

std::string target_text(const Place& place) {
    if (place.host.empty()) {
        return "HOST";
    }
    const bool v6 = place.host.find(':') != std::string::npos;
    const std::string host = v6 ? "[" + place.host + "]" : place.host;
    return place.port == 0 || place.port == 443 ? host : host + ":" + std::to_string(place.port);
}

} // namespace tlsdoctor::explain
