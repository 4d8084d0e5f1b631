// SPDX-License-Identifier: Apache-2.0
// Mosquitto: `listener PORT [ADDRESS]` begins a listener, and the TLS options behind it are its
// own; those in front of the first belong to the default listener of `port` and `bind_address`.
// `tls_version` is a minimum (measured on 2.0.11).
#include <algorithm>

#include "base/text.hpp"
#include "config/servers/last_wins.hpp"
#include "config/servers/listening.hpp"
#include "config/servers/servers.hpp"
#include "config/syntax/key_value.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_mosquitto_files[] = {"mosquitto.conf"};
constexpr std::string_view k_mosquitto_places[] = {"/etc/mosquitto/mosquitto.conf"};

/// Options of a listener that may stand there once only.
constexpr std::string_view k_mosquitto_tls[] = {
    "certfile",
    "keyfile",
    "cafile",
    "capath",
    "tls_version",
    "ciphers",
    "ciphers_tls1.3",
    "tls_engine",
    "dhparamfile",
    "crlfile",
    "psk_hint",
    "tls_keyform",
    "tls_engine_kpass_sha1",
};

struct MosquittoListener {
    Place place{}; ///< the line that opens it
    std::string port{};
    std::string host{};
    Settings settings{};
};

struct MosquittoReader {
    const Input& input;
    Reading& reading;
    std::vector<MosquittoListener> listeners{MosquittoListener{}}; ///< the default one first

    void read_file(FileId file, std::size_t depth);
    void option(const Statement& statement, std::size_t depth);
    void tls_option(const std::string& name, const Statement& statement);
    void include(const Statement& statement, std::size_t depth);
    void check(const MosquittoListener& listener);
    void check_ciphers(const Setting& ciphers);
    void emit(const MosquittoListener& listener);
    Service service(const MosquittoListener& listener) const;
};

void MosquittoReader::include(const Statement& statement, std::size_t depth) {
    const std::string folder = joined_path(input.start.folder, value_of(statement));
    const auto names = input.files.names_in(folder);
    if (!names) {
        reading.fatal.push_back({statement.place, "the folder of include_dir cannot be read"});
        return;
    }
    if (depth >= 1) {
        reading.not_understood.push_back({statement.place, "include_dir within an included file"});
        return;
    }
    for (const std::string& name : *names) {
        const std::string path = joined_path(folder, name);
        if (name.ends_with(".conf") && input.files.kind_of(path) == FileKind::file) {
            if (const auto file = open_source(input, reading, path)) {
                read_file(*file, depth + 1);
            } else {
                reading.not_understood.push_back({statement.place, name + " cannot be read"});
            }
        }
    }
}

void MosquittoReader::tls_option(const std::string& name, const Statement& statement) {
    MosquittoListener& listener = listeners.back();
    if (listener.settings.find(name) != nullptr) {
        reading.fatal.push_back({statement.place, "mosquitto refuses this option a second time"});
    }
    listener.settings.add(
        {.name = name,
         .value = std::string{value_of(statement)},
         .statement = statement.place,
         .value_place = values_of(statement)}
    );
}

void MosquittoReader::option(const Statement& statement, std::size_t depth) {
    const std::string& name = statement.words.front().text;
    const std::string value{trimmed(value_of(statement))};
    if (name == "listener") {
        const std::size_t blank = std::min(value.find_first_of(" \t"), value.size());
        listeners.push_back(
            {.place = statement.place,
             .port = value.substr(0, blank),
             .host = std::string{trimmed(std::string_view{value}.substr(blank))}}
        );
    } else if (name == "port" || name == "bind_address") {
        (name == "port" ? listeners.front().port : listeners.front().host) = value;
        listeners.front().place = statement.place;
    } else if (name == "include_dir") {
        include(statement, depth);
    } else if (std::ranges::find(k_mosquitto_tls, name) != std::end(k_mosquitto_tls)) {
        tls_option(name, statement);
    } else if (name.starts_with("tls_") || name.starts_with("ssl_") || name.starts_with("cipher")) {
        reading.fatal.push_back({statement.place, "mosquitto does not know this option"});
    }
}

void MosquittoReader::read_file(FileId file, std::size_t depth) {
    const Document document = read_key_value(reading.sources, file, k_mosquitto_dialect);
    for (const Remark& fault : document.faults) {
        reading.not_understood.push_back(fault);
    }
    for (const Statement& statement : document.statements) {
        if (!statement.words.empty()) {
            option(statement, depth);
        }
    }
}

std::optional<ProtocolVersion> mosquitto_version(std::string_view text) {
    for (const auto version :
         {ProtocolVersion::tls_1_1, ProtocolVersion::tls_1_2, ProtocolVersion::tls_1_3}) {
        if (text == lower(openssl_name(version))) {
            return version;
        }
    }
    return std::nullopt;
}

/// Only the oldest version can be said here; what is wanted must be the rest.
std::optional<std::string>
rewritten_mosquitto_version(std::string_view /*old*/, VersionSet wanted) {
    const VersionSet sayable =
        wanted & VersionSet::range(ProtocolVersion::tls_1_1, ProtocolVersion::tls_1_3);
    if (sayable.empty()) {
        return std::nullopt;
    }
    return lower(openssl_name(sayable.lowest()));
}

void MosquittoReader::check_ciphers(const Setting& ciphers) {
    if (!input.knowledge.suites(ciphers.value)) {
        reading.fatal.push_back({ciphers.statement, "OpenSSL does not take this cipher list"});
    }
}

/// What keeps the broker from starting.
void MosquittoReader::check(const MosquittoListener& listener) {
    const Settings& settings = listener.settings;
    if (settings.find("certfile") == nullptr || settings.find("keyfile") == nullptr) {
        return;
    }
    const Setting* const version = settings.find("tls_version");
    if (version != nullptr && !mosquitto_version(version->value)) {
        reading.fatal.push_back(
            {version->statement, "the value must be tlsv1.1, tlsv1.2 or tlsv1.3"}
        );
    }
    if (const Setting* const ciphers = settings.find("ciphers")) {
        check_ciphers(*ciphers);
    }
    for (const char* name : {"certfile", "keyfile", "cafile", "dhparamfile"}) {
        const Setting* const file = settings.find(name);
        if (file != nullptr && is_missing(input, reading, file->value)) {
            reading.fatal.push_back({file->statement, "the file does not exist"});
        }
    }
}

Service MosquittoReader::service(const MosquittoListener& listener) const {
    const Settings& settings = listener.settings;
    const bool tls = settings.find("certfile") != nullptr && settings.find("keyfile") != nullptr;
    Service service{.door = tls ? Door::tls : Door::plain};
    const auto lowest = mosquitto_version(settings.value_or("tls_version", ""));
    service.enabled =
        VersionSet::range(lowest.value_or(ProtocolVersion::tls_1_1), ProtocolVersion::tls_1_3);
    service.otherwise = VersionSet::range(ProtocolVersion::tls_1_1, ProtocolVersion::tls_1_3);
    service.sets_minimum = true;
    service.default_ciphers = settings.find("ciphers") == nullptr;
    service.ciphers = settings.value_or("ciphers", "DEFAULT");
    service.ciphersuites = settings.value_or("ciphers_tls1.3", "");
    service.dh_parameters = settings.find("dhparamfile") != nullptr;
    if (const Setting* const certificate = settings.find("certfile")) {
        service.certificates.push_back(certificate->value);
    }
    service.lines.push_back(
        {.statement = listener.place,
         .value = listener.place,
         .aspect = Aspect::listen,
         .role = Role::effective,
         .why = tls ? "" : "it has no certfile and keyfile: no TLS"}
    );
    const Sources& sources = reading.sources;
    settings.add_lines(sources, service, "certfile", Aspect::certificate);
    settings.add_lines(sources, service, "keyfile", Aspect::certificate);
    settings.add_lines(
        sources, service, "tls_version", Aspect::versions, rewritten_mosquitto_version
    );
    settings.add_lines(sources, service, "ciphers", Aspect::ciphers);
    settings.add_lines(sources, service, "ciphers_tls1.3", Aspect::ciphersuites);
    settings.add_lines(sources, service, "dhparamfile", Aspect::dh);
    const Setting* const key = settings.find("keyfile");
    service.insertions.push_back(
        {.after = key != nullptr ? key->statement : listener.place,
         .text = "tls_version {}",
         .value = rewritten_mosquitto_version}
    );
    return service;
}

void MosquittoReader::emit(const MosquittoListener& listener) {
    const std::string port = port_number(listener.port);
    if (port.empty() || port == "0") {
        if (listener.port != "0") {
            reading.not_understood.push_back({listener.place, "the port is not a number"});
        }
        return;
    }
    std::vector<std::string> hosts{listener.host};
    if (listener.host.empty()) {
        hosts = {"0.0.0.0", "[::]"};
    } else if (listener.host == "localhost") {
        hosts = {"127.0.0.1", "[::1]"};
    }
    for (const std::string& host : hosts) {
        Service one = service(listener);
        one.address = endpoint(host, port);
        add_for_all_names(reading, std::move(one));
    }
}

void read_mosquitto(const Input& input, Reading& reading) {
    MosquittoReader reader{.input = input, .reading = reading};
    const auto file = open_main(input, reading);
    if (!file) {
        return;
    }
    reader.read_file(*file, 0);
    for (const MosquittoListener& listener : reader.listeners) {
        reader.check(listener);
        const bool unused = &listener == reader.listeners.data() && listener.port.empty() &&
                            listener.host.empty() && reader.listeners.size() > 1;
        if (!unused) {
            MosquittoListener one = listener;
            one.place = one.place == Place{} ? Place{*file, 0, 0} : one.place;
            one.port = one.port.empty() ? "1883" : one.port;
            reader.emit(one);
        }
    }
}

} // namespace

const Server& mosquitto_server() {
    static constexpr Server row{
        .name = "mosquitto",
        .product = "Mosquitto",
        .library = Library::openssl,
        .version = "2.0.11",
        .main_files = k_mosquitto_files,
        .places = k_mosquitto_places,
        .read = read_mosquitto,
        .propose = nullptr,
    };
    return row;
}

} // namespace tlsdoctor::config
