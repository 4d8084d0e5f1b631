// SPDX-License-Identifier: Apache-2.0
// Prosody: which table rules which port. STARTTLS takes the VirtualHost's `ssl`; ports with direct
// TLS take the global one or their service's, and by name only another certificate and suites.
#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/prosody_certificates.hpp"
#include "config/servers/prosody_context.hpp"
#include "config/servers/prosody_proposals.hpp"
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_prosody_files[] = {"prosody.cfg.lua"};
constexpr std::string_view k_prosody_places[] = {
    "/etc/prosody/prosody.cfg.lua", "/usr/local/etc/prosody/prosody.cfg.lua"
};

/// A service that Prosody opens ports for.
struct ProsodyDoor {
    std::string_view name;
    std::string_view starttls; ///< empty: direct TLS
    std::string_view tables;   ///< STARTTLS: the prefix of the tables `c2s_ssl`
    int port;                  ///< 0: none unless one is set
    std::string_view module;
};

constexpr ProsodyDoor k_prosody_doors[] = {
    {"c2s", "xmpp", "c2s_ssl", 5222, "c2s"}, {"c2s_direct_tls", "", "", 0, "c2s"},
    {"legacy_ssl", "", "", 0, "c2s"},        {"s2s", "xmpp-server", "s2s_ssl", 5269, "s2s"},
    {"s2s_direct_tls", "", "", 0, "s2s"},    {"https", "", "", 5281, "http"},
};

/// Modules that bring mod_http with them, besides all that are called `http...`.
constexpr std::string_view k_prosody_web[] = {"bosh", "websocket", "conversejs", "register_web"};

/// What is the same for all ports.
struct ProsodyWorld {
    const Input& input;
    Reading& reading;
    const ProsodyOptions& options;
    const ProsodyCertificates& certificates;
};

/// An interface and a port, and where that is said.
struct ProsodySocket {
    std::string interface;
    std::string port;
    std::string address;
    const ProsodyOption* ports; ///< null: the built-in port
};

bool prosody_lists(
    const ProsodyOptions& options, std::string_view host, std::string_view option,
    std::string_view module
) {
    const ProsodyOption* const found = options.own(host, option);
    if (found == nullptr) {
        return false;
    }
    const auto words = lua_words(found->value);
    return std::ranges::any_of(words, [&](const std::string& word) {
        const bool web =
            module == "http" && (word.starts_with("http") ||
                                 std::ranges::find(k_prosody_web, word) != std::end(k_prosody_web));
        return word == module || web;
    });
}

/// Tells whether a module is loaded for a host: `c2s` and `s2s` are without being asked for.
bool prosody_loads(
    const ProsodyOptions& options, const std::string& host, std::string_view module
) {
    const bool by_itself = module == "c2s" || module == "s2s";
    const bool globally = (by_itself || prosody_lists(options, "*", "modules_enabled", module)) &&
                          !prosody_lists(options, "*", "modules_disabled", module);
    return (globally || prosody_lists(options, host, "modules_enabled", module)) &&
           !prosody_lists(options, host, "modules_disabled", module);
}

bool prosody_opens(const ProsodyOptions& options, std::string_view module) {
    return std::ranges::any_of(options.hosts, [&](const ProsodyHost& host) {
        return prosody_loads(options, host.name, module);
    });
}

/// `*` and `::` are any address.
std::string prosody_address(std::string_view interface, std::string_view port) {
    if (interface == "*") {
        return fmt::format("0.0.0.0:{}", port);
    }
    return fmt::format(
        fmt::runtime(interface.contains(':') ? "[{}]:{}" : "{}:{}"), interface, port
    );
}

std::vector<ProsodySocket> prosody_sockets(const ProsodyOptions& options, const ProsodyDoor& door) {
    const std::string prefix = std::string{door.name} + "_";
    std::vector<std::string> interfaces;
    for (const std::string& name :
         {prefix + "interfaces", prefix + "interface", std::string{"interfaces"},
          std::string{"interface"}}) {
        const ProsodyOption* const option = options.own("*", name);
        if (option != nullptr) {
            interfaces = lua_words(option->value);
            break;
        }
    }
    if (interfaces.empty()) {
        interfaces = {"*", "::"};
    }
    const ProsodyOption* const ports = options.own("*", prefix + "ports");
    std::vector<std::string> numbers;
    if (ports != nullptr) {
        numbers = lua_words(ports->value);
    } else if (door.port != 0) {
        numbers = {std::to_string(door.port)};
    }
    std::vector<ProsodySocket> sockets;
    for (const std::string& interface : interfaces) {
        for (const std::string& number : numbers) {
            sockets.push_back({interface, number, prosody_address(interface, number), ports});
        }
    }
    return sockets;
}

Service prosody_service(const ProsodySocket& socket, const ProsodyDoor& door) {
    Service service{.address = socket.address};
    if (!door.starttls.empty()) {
        service.starttls = door.starttls;
    }
    if (socket.ports != nullptr) {
        service.lines.push_back(
            {.statement = socket.ports->statement,
             .value = socket.ports->value.place,
             .aspect = Aspect::listen,
             .role = Role::effective}
        );
    }
    return service;
}

void prosody_host_line(Service& service, Place statement, Aspect aspect, std::string why) {
    service.lines.push_back(
        {.statement = statement,
         .value = statement,
         .aspect = aspect,
         .role = Role::effective,
         .why = std::move(why)}
    );
}

/// Where `tls_profile` may go when nothing sets versions: in front of the first host.
void prosody_insertion(const ProsodyWorld& world, Service& service) {
    const auto& hosts = world.options.hosts;
    if (hosts.empty() || world.options.own("*", "tls_profile") != nullptr ||
        older(world.reading.server_version, "0.12")) {
        return;
    }
    service.insertions.push_back(
        {.after = hosts.front().statement,
         .before = true,
         .text = "tls_profile = {}",
         .value = rewrite_prosody_profile}
    );
}

ProsodyContext prosody_base(const ProsodyWorld& world) {
    return {world.reading.server_version, world.options.own("*", "tls_profile")};
}

/// STARTTLS for one host [modules/mod_tls.lua].
void prosody_starttls(
    const ProsodyWorld& world, const ProsodySocket& socket, const ProsodyDoor& door,
    const ProsodyHost& host, std::optional<std::string> sni
) {
    const ProsodyOptions& options = world.options;
    Service service = prosody_service(socket, door);
    service.sni = std::move(sni);
    const std::size_t dot = host.name.find('.');
    const std::string parent = dot == std::string::npos ? "" : host.name.substr(dot + 1);
    const auto own_or_parents = [&](std::string_view name) {
        const ProsodyOption* const own = options.own(host.name, name);
        return own != nullptr ? own : options.own(parent, name);
    };
    ProsodyContext context = prosody_base(world);
    context.apply_certificate(world.certificates.for_host(host.name));
    context.apply(options.own("*", "ssl"));
    context.apply(options.own("*", door.tables));
    context.apply(own_or_parents("ssl"));
    context.apply(own_or_parents(door.tables));
    context.fill_versions(service);
    context.fill_names(world.input, options.folder, service);
    if (!prosody_loads(options, host.name, "tls")) {
        service.door = Door::starttls_not_offered;
        const ProsodyOption* const modules = options.find(host.name, "modules_enabled");
        prosody_host_line(
            service, modules == nullptr ? host.statement : modules->statement, Aspect::tls,
            "mod_tls is not enabled"
        );
    } else if (!context.can_be_made()) {
        service.door = Door::starttls_not_offered;
    } else if (!context.has_certificate()) {
        service.door = Door::no_certificate;
        prosody_host_line(service, host.statement, Aspect::certificate, "it has no certificate");
    }
    prosody_insertion(world, service);
    world.reading.services.push_back(std::move(service));
}

void prosody_starttls_port(
    const ProsodyWorld& world, const ProsodySocket& socket, const ProsodyDoor& door
) {
    for (const ProsodyHost& host : world.options.hosts) {
        if (!host.component || door.module == "s2s") {
            prosody_starttls(world, socket, door, host, host.name);
        }
    }
    for (const std::optional<std::string>& sni :
         {std::optional<std::string>{}, std::optional<std::string>{"*"}}) {
        Service service = prosody_service(socket, door); // a stream to a host that is not served
        service.sni = sni;
        service.door = Door::starttls_not_offered;
        world.reading.services.push_back(std::move(service));
    }
}

/// The context of a port [core/portmanager.lua].
ProsodyContext prosody_port_context(
    const ProsodyWorld& world, const ProsodySocket& socket, const std::string& service
) {
    const ProsodyOption* const global = world.options.own("*", "ssl");
    const ProsodyOption* own = world.options.own("*", service + "_ssl");
    own = own == nullptr ? global : own;
    ProsodyContext context = prosody_base(world);
    context.apply_certificate(world.certificates.for_service(service));
    context.apply(global);
    context.apply_inner(global, socket.port);
    context.apply_inner(global, socket.interface);
    context.apply(own);
    context.apply_inner(own, socket.port);
    context.apply_inner(own, socket.interface);
    return context;
}

/// A name on a port: its certificate and suites, and the versions of the port.
void prosody_direct_name(
    const ProsodyWorld& world, const ProsodySocket& socket, const ProsodyDoor& door,
    const ProsodyContext& port, const ProsodyHost& host
) {
    const std::string name{door.name};
    const std::string table = name + "_ssl";
    const ProsodyOption* const other =
        world.options.find(host.name, door.name == "https" ? "http_host" : name + "_host");
    const std::string sni = other == nullptr ? host.name : lower(other->value.text);
    Service service = prosody_service(socket, door);
    service.sni = sni;
    ProsodyContext context = port;
    context.apply_certificate(world.certificates.for_host(sni));
    context.apply(world.options.find(host.name, table));
    ProsodyContext versions = port;
    const std::string why = "a port with direct TLS takes its versions from the global tables";
    versions.pass_over(world.options.own(host.name, "ssl"), why);
    versions.pass_over(world.options.own(host.name, "c2s_ssl"), why);
    versions.pass_over(world.options.own(host.name, table), why);
    versions.fill_versions(service);
    context.fill_names(world.input, world.options.folder, service);
    if (!port.can_be_made()) {
        service.door = Door::not_listening;
    } else if (!context.has_certificate()) {
        service.door = Door::no_certificate;
        prosody_host_line(
            service, host.statement, Aspect::certificate,
            name + "_ports has no certificate of its own"
        );
    }
    prosody_insertion(world, service);
    world.reading.services.push_back(std::move(service));
}

void prosody_direct_port(
    const ProsodyWorld& world, const ProsodySocket& socket, const ProsodyDoor& door
) {
    const ProsodyContext port = prosody_port_context(world, socket, std::string{door.name});
    for (const ProsodyHost& host : world.options.hosts) {
        prosody_direct_name(world, socket, door, port, host);
    }
    for (const std::optional<std::string>& sni :
         {std::optional<std::string>{}, std::optional<std::string>{"*"}}) {
        Service service = prosody_service(socket, door);
        service.sni = sni;
        port.fill_versions(service);
        port.fill_names(world.input, world.options.folder, service);
        if (!port.can_be_made()) {
            service.door = Door::not_listening;
        } else if (sni && !world.options.hosts.empty()) {
            service.door = Door::name_refused;
        } else if (!port.has_certificate()) {
            service.door = Door::no_certificate;
        }
        prosody_insertion(world, service);
        world.reading.services.push_back(std::move(service));
    }
}

void read_prosody(const Input& input, Reading& reading) {
    const ProsodyOptions options = read_prosody_options(input, reading);
    const ProsodyCertificates certificates{input, options, reading};
    const ProsodyWorld world{input, reading, options, certificates};
    for (const ProsodyDoor& door : k_prosody_doors) {
        if (!prosody_opens(options, door.module)) {
            continue;
        }
        for (const ProsodySocket& socket : prosody_sockets(options, door)) {
            door.starttls.empty() ? prosody_direct_port(world, socket, door)
                                  : prosody_starttls_port(world, socket, door);
        }
    }
}

} // namespace

const Server& prosody_server() {
    static constexpr Server row{
        .name = "prosody",
        .product = "Prosody",
        .library = Library::openssl,
        .version = "0.12.3",
        .main_files = k_prosody_files,
        .places = k_prosody_places,
        .read = read_prosody,
        .propose = propose_prosody,
    };
    return row;
}

} // namespace tlsdoctor::config
