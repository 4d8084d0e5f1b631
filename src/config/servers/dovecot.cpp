// SPDX-License-Identifier: Apache-2.0
// Dovecot: the inet_listener sections of its login services, and the ssl settings that hold for
// their protocols. Measured on 2.3.19.1.
#include <algorithm>

#include "base/text.hpp"
#include "config/servers/dovecot_tls.hpp"
#include "config/servers/listening.hpp"
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_dovecot_files[] = {"dovecot.conf"};
constexpr std::string_view k_dovecot_places[] = {"/etc/dovecot/dovecot.conf"};

/// A listener that exists without being written.
struct DovecotListener {
    std::string_view protocol{};
    std::string_view name{};
    std::string_view port{};
    bool ssl{};
};

constexpr DovecotListener k_dovecot_listeners[] = {
    {"imap", "imap", "143", false},
    {"imap", "imaps", "993", true},
    {"pop3", "pop3", "110", false},
    {"pop3", "pop3s", "995", true},
    {"submission", "submission", "587", false},
};

struct DovecotServer {
    const Input& input;
    Reading& reading;
    DovecotSettings settings;
    Place main{}; ///< the beginning of the main file

    bool serves(std::string_view protocol) const;
    std::string value(const std::string& path, std::string_view otherwise) const;
    void open(const DovecotListener& listener, const std::string& path, Place section);
    void listen(DovecotEndpoint endpoint);
    void read();
};

/// `protocols`, where it is set at all; Debian sets it in files that may not be among these.
bool DovecotServer::serves(std::string_view protocol) const {
    const DovecotSetting* const list = settings.global("protocols");
    if (list == nullptr) {
        return true;
    }
    const auto words = split(list->value, ' ');
    return std::ranges::find(words, protocol) != words.end();
}

std::string DovecotServer::value(const std::string& path, std::string_view otherwise) const {
    const DovecotSetting* const found = settings.global(path);
    return found == nullptr ? std::string{otherwise} : found->value;
}

/// For every name that local_name blocks mention, for no name, and for any other.
void DovecotServer::listen(DovecotEndpoint endpoint) {
    std::vector<std::optional<std::string>> names{std::nullopt};
    for (const DovecotSetting& one : settings.all) {
        for (const std::string_view name : split(one.filter.local_name, ' ')) {
            const bool known =
                std::ranges::any_of(names, [&](const auto& other) { return other == name; });
            if (!name.empty() && !known) {
                names.emplace_back(name);
            }
        }
    }
    names.emplace_back("*");
    for (const auto& name : names) {
        endpoint.client.name = name;
        reading.services.push_back(dovecot_service(input, reading, settings, endpoint));
    }
}

void DovecotServer::open(const DovecotListener& listener, const std::string& path, Place section) {
    const std::string port = port_number(value(path + "port", listener.port));
    if (port.empty() || port == "0") {
        return;
    }
    const DovecotSetting* const place = settings.global(path + "port");
    const std::string flag = lower(value(path + "ssl", listener.ssl ? "yes" : "no"));
    DovecotEndpoint endpoint{
        .client = {.protocol = std::string{listener.protocol}},
        .port = port,
        .implicit = flag == "yes",
        .listener = place != nullptr ? place->statement : section
    };
    const DovecotSetting* const protocols = settings.global("protocols");
    if (endpoint.listener == Place{}) {
        endpoint.listener = protocols != nullptr ? protocols->statement : main;
    }
    std::string hosts = value(path + "address", value("listen", "*, ::"));
    std::ranges::replace(hosts, ',', ' ');
    for (const std::string_view host : split(hosts, ' ')) {
        if (!host.empty()) {
            endpoint.client.address = host == "*"           ? "0.0.0.0"
                                      : host.contains(':')  ? "[" + std::string{host} + "]"
                                      : host == "localhost" ? "127.0.0.1"
                                                            : std::string{host};
            listen(endpoint);
        }
    }
}

void DovecotServer::read() {
    for (const DovecotListener& row : k_dovecot_listeners) {
        const std::string service = "service/" + std::string{row.protocol} + "-login/";
        const std::string path = service + "inet_listener/" + std::string{row.name} + "/";
        if (serves(row.protocol)) {
            open(row, path, {});
        }
    }
    for (std::size_t i = 0; i < settings.listener_paths.size(); ++i) {
        const std::string& path = settings.listener_paths[i];
        for (const char* const protocol : {"imap", "pop3", "submission"}) {
            const std::string prefix = std::string{"service/"} + protocol + "-login/inet_listener/";
            const std::string_view name =
                path.starts_with(prefix) ? std::string_view{path}.substr(prefix.size()) : "";
            const bool built_in =
                std::ranges::any_of(k_dovecot_listeners, [&](const DovecotListener& row) {
                    return row.name == name.substr(0, name.find('/'));
                });
            const bool repeated = std::ranges::find(settings.listener_paths, path) -
                                      settings.listener_paths.begin() !=
                                  static_cast<std::ptrdiff_t>(i);
            if (!name.empty() && !built_in && !repeated && serves(protocol)) {
                open({protocol, name, "0", false}, path, settings.listeners[i]);
            }
        }
    }
}

void read_dovecot(const Input& input, Reading& reading) {
    const auto file = open_main(input, reading);
    if (!file) {
        return;
    }
    DovecotServer server{
        .input = input, .reading = reading, .settings = read_dovecot_settings(input, reading, *file)
    };
    server.main = {*file, 0, 0};
    if (!server.settings.is_24) {
        check_dovecot(input, reading, server.settings);
        server.read();
    }
}

} // namespace

const Server& dovecot_server() {
    static constexpr Server row{
        .name = "dovecot",
        .product = "Dovecot",
        .library = Library::openssl,
        .version = "2.3.19.1",
        .main_files = k_dovecot_files,
        .places = k_dovecot_places,
        .read = read_dovecot,
        .propose = propose_dovecot,
    };
    return row;
}

} // namespace tlsdoctor::config
