// SPDX-License-Identifier: Apache-2.0
// Postfix: main.cf, and a service for each smtpd that master.cf opens to the network.
#include <algorithm>

#include "base/text.hpp"
#include "config/servers/listening.hpp"
#include "config/servers/postfix_tls.hpp"
#include "config/servers/servers.hpp"
#include "config/syntax/key_value.hpp"
#include "config/syntax/master_cf.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_postfix_files[] = {"main.cf"};
constexpr std::string_view k_postfix_places[] = {"/etc/postfix/main.cf"};

/// Fields of a service: name, type, private, unprivileged, chroot, wakeup, processes, command.
constexpr std::size_t k_postfix_command = 7;

struct PostfixReader {
    const Input& input;
    Reading& reading;
    Settings main{};
    Place first{}; ///< of main.cf

    void read_main(FileId file);
    void read_master(FileId file);
    Settings options_of(const Statement& service) const;
    void add_option(Settings& options, const Word& word, Place place) const;
    std::vector<std::string> hosts() const;
    void listen(const Statement& service, const PostfixDaemon& daemon);
    void emit(const std::string& host, const std::string& port, const PostfixDaemon& daemon);
};

void PostfixReader::read_main(FileId file) {
    const Document document = read_key_value(reading.sources, file, k_postfix_dialect);
    for (const Remark& fault : document.faults) {
        reading.not_understood.push_back(fault);
    }
    for (const Statement& statement : document.statements) {
        if (statement.words.empty()) {
            continue;
        }
        if (!reading.sources.text(statement.place).contains('=')) {
            reading.fatal.push_back({statement.place, "there is no = behind the name"});
            continue;
        }
        std::string value{value_of(statement)};
        std::ranges::replace(value, '\n', ' ');
        main.add(
            {.name = statement.words.front().text,
             .value = std::string{trimmed(value)},
             .statement = statement.place,
             .value_place = values_of(statement)}
        );
    }
}

/// `name=value`, or `name = value` that stood in braces.
void PostfixReader::add_option(Settings& options, const Word& word, Place place) const {
    const std::string_view raw = reading.sources.text(word.place);
    const std::size_t equals = raw.find('=');
    if (equals == raw.npos) {
        return;
    }
    const std::size_t end = word.quoted ? raw.find_last_not_of(" \t\n}") + 1 : raw.size();
    const std::size_t begin =
        std::min(word.quoted ? raw.find_first_not_of(" \t\n", equals + 1) : equals + 1, end);
    const std::string_view name = trimmed(raw.substr(0, equals));
    options.add(
        {.name = std::string{trimmed(name.substr(word.quoted && name.starts_with('{') ? 1 : 0))},
         .value = std::string{trimmed(raw.substr(begin, end - begin))},
         .statement = place,
         .value_place = {word.place.file, word.place.begin + begin, word.place.begin + end}}
    );
}

Settings PostfixReader::options_of(const Statement& service) const {
    Settings options;
    for (std::size_t i = k_postfix_command + 1; i < service.words.size(); ++i) {
        const Word& word = service.words[i];
        if (word.quoted || !word.text.starts_with("-o")) {
            continue;
        }
        if (word.text.size() > 2) {
            Word attached = word;
            attached.place.begin += 2;
            add_option(options, attached, word.place);
        } else if (i + 1 < service.words.size()) {
            const Word& value = service.words[++i];
            add_option(options, value, {word.place.file, word.place.begin, value.place.end});
        }
    }
    return options;
}

/// The addresses of services whose name is only a port.
std::vector<std::string> PostfixReader::hosts() const {
    const Settings none;
    const PostfixParameters parameters{main, none, reading.server_version};
    const auto protocols = postfix_list(parameters.value("inet_protocols").text);
    const bool v4 = std::ranges::any_of(protocols, [](const std::string& one) {
        return one == "all" || one == "ipv4";
    });
    const bool v6 = std::ranges::any_of(protocols, [](const std::string& one) {
        return one == "all" || one == "ipv6";
    });
    std::vector<std::string> hosts;
    const auto add = [&](std::string_view host) {
        if (host.contains(':') ? v6 : v4) {
            hosts.emplace_back(host);
        }
    };
    for (const std::string& one : postfix_list(parameters.value("inet_interfaces").text)) {
        if (one == "all") {
            add("0.0.0.0");
            add("[::]");
        } else if (one == "loopback-only" || one == "localhost") {
            add("127.0.0.1");
            add("[::1]");
        } else {
            add(one);
        }
    }
    return hosts;
}

void PostfixReader::emit(
    const std::string& host, const std::string& port, const PostfixDaemon& daemon
) {
    Service service = postfix_service(input, reading, main, daemon);
    service.address = endpoint(host, port);
    add_for_all_names(reading, std::move(service));
}

/// The name of a service: `smtp`, `25`, `127.0.0.1:25`, `[::1]:25`, `localhost:smtp`.
void PostfixReader::listen(const Statement& service, const PostfixDaemon& daemon) {
    const std::string& name = service.words.front().text;
    const std::size_t colon = name.rfind(':');
    const std::string port = port_number(name.substr(colon == name.npos ? 0 : colon + 1));
    if (port.empty()) {
        reading.not_understood.push_back({service.words.front().place, "the port is not known"});
        return;
    }
    if (colon == name.npos) {
        for (const std::string& host : hosts()) {
            emit(host, port, daemon);
        }
        return;
    }
    const std::string host = name.substr(0, colon);
    if (host == "localhost") {
        emit("127.0.0.1", port, daemon);
        emit("[::1]", port, daemon);
    } else {
        emit(host, port, daemon);
    }
}

/// postscreen hands clients on to the smtpd of type `pass`, whose parameters count then.
const Statement* serving(const Document& document, const Statement& service) {
    const std::string& command = service.words[k_postfix_command].text;
    if (command == "smtpd") {
        return &service;
    }
    if (command != "postscreen") {
        return nullptr;
    }
    for (const Statement& other : document.statements) {
        if (other.words.size() > k_postfix_command && other.words[1].text == "pass" &&
            other.words[k_postfix_command].text == "smtpd") {
            return &other;
        }
    }
    return &service;
}

void PostfixReader::read_master(FileId file) {
    const Document document = read_master_cf(reading.sources, file);
    for (const Remark& fault : document.faults) {
        reading.fatal.push_back(fault);
    }
    for (const Statement& service : document.statements) {
        if (service.words.size() <= k_postfix_command) {
            reading.fatal.push_back({service.place, "fields are missing"});
            continue;
        }
        const bool network = service.words[1].text == "inet";
        const Statement* const server = network ? serving(document, service) : nullptr;
        if (server == nullptr) {
            continue;
        }
        const Place command = service.words[k_postfix_command].place;
        listen(
            service, {.line = {file, service.place.begin, command.end},
                      .statement = server->place,
                      .options = options_of(*server)}
        );
    }
}

void read_postfix(const Input& input, Reading& reading) {
    PostfixReader reader{.input = input, .reading = reading};
    const auto file = open_main(input, reading);
    if (!file) {
        return;
    }
    reader.first = {*file, 0, 0};
    reader.read_main(*file);
    const auto master =
        open_source(input, reading, joined_path(folder_of(input.main), "master.cf"));
    if (master) {
        reader.read_master(*master);
        return;
    }
    // The output of postconf -n has no services; the usual one is assumed.
    reading.warnings.push_back(
        {reader.first, "there is no master.cf beside it: one smtpd at port 25 is assumed"}
    );
    for (const std::string& host : reader.hosts()) {
        reader.emit(host, "25", {.line = reader.first});
    }
}

} // namespace

const Server& postfix_server() {
    static constexpr Server row{
        .name = "postfix",
        .product = "Postfix",
        .library = Library::openssl,
        .version = "3.7.11",
        .main_files = k_postfix_files,
        .places = k_postfix_places,
        .read = read_postfix,
        .propose = propose_postfix,
    };
    return row;
}

} // namespace tlsdoctor::config
