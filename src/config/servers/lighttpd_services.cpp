// SPDX-License-Identifier: Apache-2.0
// From lighttpd's scopes to services, after mod_openssl.c of 1.4.69: settings of a socket block
// begin as those of the whole file and are replaced one by one; names choose certificates only.
// The list of ssl-conf-cmd: lighttpd_commands.cpp.
#include <algorithm>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/missing_file.hpp"
#include "config/servers/lighttpd_commands.hpp"
#include "config/servers/lighttpd_model.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_lighttpd_socket = "$SERVER[\"socket\"]";
constexpr std::string_view k_lighttpd_host = "$HTTP[\"host\"]";
constexpr std::string_view k_lighttpd_engine = "ssl.engine";
constexpr std::string_view k_lighttpd_suites =
    "EECDH+AESGCM:AES256+EECDH:CHACHA20:!SHA1:!SHA256:!SHA384"; ///< since 1.4.68

bool is_on(const std::optional<std::string>& text) {
    return text && (*text == "enable" || *text == "true" || *text == "1");
}

/// `[::]:443` of `:443`, `*:443`, `443` ...
std::string lighttpd_address(std::string_view text, std::string_view port, bool ipv6) {
    if (text.starts_with('/')) {
        return fmt::format("unix:{}", text);
    }
    const std::size_t colon = text.rfind(':');
    const bool bracketed = text.ends_with(']');
    const bool with_port = colon != text.npos && !bracketed && text.find(':') == colon;
    const bool ipv6_port = text.starts_with('[') && colon != text.npos && !bracketed;
    std::string_view host = text;
    if (with_port || ipv6_port) {
        port = text.substr(colon + 1);
        host = text.substr(0, colon);
    }
    if (host.empty() || host == "*") {
        host = ipv6 ? "[::]" : "0.0.0.0";
    } else if (host == "localhost") {
        host = "127.0.0.1";
    }
    const bool bare = host.contains(':') && !host.starts_with('[');
    return bare ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

/// One socket: its scope, or the whole file's.
class LighttpdServing {
public:
    LighttpdServing(
        const Input& input, const LighttpdModel& model, std::size_t scope, Reading& reading
    )
        : input_{input}, model_{model}, number_{scope}, own_{model.scopes[scope]},
          global_{model.scopes[0]}, reading_{reading} {}

    void serve();

private:
    const LighttpdSetting* setting(std::string_view key) const;
    std::string address() const;
    bool has_own_settings() const;
    bool needs_certificate();
    void add_inert();
    void add_insertions();
    void put_names();
    void put(Service service, std::optional<std::string> sni) {
        service.sni = std::move(sni);
        reading_.services.push_back(std::move(service));
    }
    void fatal(Place place, std::string what) {
        add_lighttpd_fatal(reading_, place, std::move(what));
    }

    const Input& input_;
    const LighttpdModel& model_;
    std::size_t number_;
    const LighttpdScope& own_;
    const LighttpdScope& global_;
    Reading& reading_;
    Service service_{};
    LighttpdVersions versions_{}; ///< that its list decides
};

/// The socket's own setting, else that of the whole file.
const LighttpdSetting* LighttpdServing::setting(std::string_view key) const {
    const std::string name{key};
    const LighttpdSetting* const own = own_.find(name);
    return own == nullptr ? global_.find(name) : own;
}

std::string LighttpdServing::address() const {
    const bool tls = is_on(global_.text_of(std::string{k_lighttpd_engine}));
    const std::string port = global_.text_of("server.port").value_or(tls ? "443" : "80");
    const bool ipv6 = is_on(global_.text_of("server.use-ipv6"));
    const std::string text = number_ == 0 ? global_.text_of("server.bind").value_or("") : own_.text;
    return lighttpd_address(text, port, ipv6);
}

bool LighttpdServing::has_own_settings() const {
    return std::ranges::any_of(own_.settings, [](const auto& one) {
        return one.first.starts_with("ssl.") && one.first != k_lighttpd_engine;
    });
}

/// Whether lighttpd stops for want of a certificate; says so.
bool LighttpdServing::needs_certificate() {
    const bool inherits = number_ != 0 && !has_own_settings();
    const LighttpdScope& scope = inherits ? global_ : own_;
    const auto file = scope.text_of("ssl.pemfile");
    if (file) {
        const std::string path = joined_path(folder_of(input_.main), *file);
        note_missing_file(input_, reading_, path, scope.find("ssl.pemfile")->statement);
        service_.certificates.push_back(input_.files.real_path(path));
        return false;
    }
    if (inherits || number_ == 0) {
        const LighttpdSetting* const engine = setting(k_lighttpd_engine);
        fatal(engine->statement, "ssl.pemfile has to be set where ssl.engine is \"enable\"");
        return true;
    }
    for (const auto& [key, value] : own_.settings) {
        if (key.starts_with("ssl.") && key != k_lighttpd_engine) {
            fatal(
                value.statement,
                "ssl.pemfile has to be set in the same block as any other ssl.* but ssl.engine"
            );
            break;
        }
    }
    for (const char* const key : {"ssl.pemfile", "ssl.privkey"}) {
        if (const LighttpdSetting* const above = global_.find(key)) {
            service_.lines.push_back(
                {above->statement, above->value, Aspect::certificate, Role::inert,
                 "a socket block with ssl.* settings of its own does not take it over"}
            );
        }
    }
    return true;
}

/// Settings of the whole file that this socket replaces, and keys that are there twice.
void LighttpdServing::add_inert() {
    const std::string name{k_lighttpd_commands};
    const LighttpdSetting* const above = global_.find(name);
    if (number_ != 0 && above != nullptr && own_.find(name) != nullptr) {
        for (const LighttpdItem& item : above->items) {
            const bool kept =
                std::ranges::any_of(own_.find(name)->items, [&](const LighttpdItem& one) {
                    return one.place == item.place;
                });
            if (!kept) {
                service_.lines.push_back(
                    {item.statement, item.place, Aspect::versions, Role::inert,
                     "the list in the socket block replaces all of it"}
                );
            }
        }
    }
    for (const LighttpdItem& item : model_.dropped) {
        service_.lines.push_back(
            {item.statement, item.place, Aspect::versions, Role::inert,
             "the key comes again, which is an error"}
        );
    }
}

void LighttpdServing::add_insertions() {
    const bool own = number_ != 0 && has_own_settings();
    const LighttpdScope& scope = own ? own_ : global_;
    if (scope.find(std::string{k_lighttpd_commands}) != nullptr) {
        return; // a second one would be an error; see propose_lighttpd
    }
    const LighttpdSetting* place = scope.find("ssl.privkey");
    place = place == nullptr ? scope.find("ssl.pemfile") : place;
    if (place != nullptr) {
        service_.insertions.push_back(
            {place->statement, false, "ssl.openssl.ssl-conf-cmd = {}", lighttpd_list}
        );
    }
}

/// Names choose certificates; all else stays as the socket has it.
void LighttpdServing::put_names() {
    put(service_, std::nullopt);
    std::vector<std::string> done;
    for (const LighttpdScope& scope : model_.scopes) {
        const bool here = scope.parent == number_ || scope.parent == 0;
        if (scope.field != k_lighttpd_host || !here) {
            continue;
        }
        const auto file = scope.text_of("ssl.pemfile");
        if (scope.operation != "==") {
            if (file) {
                reading_.not_understood.push_back(
                    {scope.statement,
                     "which names this pattern gives another certificate is not worked out"}
                );
            }
            continue;
        }
        const std::string name = lower(scope.text.substr(0, scope.text.find(':')));
        if (std::ranges::find(done, name) != done.end()) {
            continue;
        }
        done.push_back(name);
        Service service = service_;
        if (file) {
            service.certificates = {
                input_.files.real_path(joined_path(folder_of(input_.main), *file))
            };
        }
        put(std::move(service), name);
    }
    put(service_, "*");
}

void LighttpdServing::serve() {
    service_.address = address();
    const LighttpdSetting* const engine = setting(k_lighttpd_engine);
    const bool on = engine != nullptr && is_on(engine->items[0].text);
    if (!on) {
        const LighttpdSetting* const port = global_.find("server.port");
        const Place place = number_ != 0        ? own_.statement
                            : engine != nullptr ? engine->statement
                            : port != nullptr   ? port->statement
                                                : Place{};
        service_.door = Door::plain;
        service_.lines.push_back(
            {place, place, Aspect::tls, Role::effective, "ssl.engine is not \"enable\" here"}
        );
        put(service_, std::nullopt);
        put(service_, "*");
        return;
    }
    const bool bare = std::ranges::none_of(own_.settings, [](const auto& one) {
        return one.first.starts_with("ssl.");
    });
    if (number_ != 0 && bare) {
        // Measured with 1.4.69: such a socket takes over ssl.engine and no certificate.
        service_.door = Door::closes;
        service_.lines.push_back(
            {own_.statement, own_.statement, Aspect::tls, Role::effective,
             "without ssl.engine in this block the socket has no certificate, and hangs up"}
        );
        put(service_, std::nullopt);
        put(service_, "*");
        return;
    }
    const std::string& version = input_.server_version;
    const auto lowest = older(version, "1.4.56")   ? ProtocolVersion::tls_1_0
                        : older(version, "1.4.77") ? ProtocolVersion::tls_1_2
                                                   : ProtocolVersion::tls_1_3;
    versions_.minimum = VersionSet::range(lowest, ProtocolVersion::tls_1_3);
    service_.otherwise = versions_.minimum;
    service_.ciphers = older(version, "1.4.68") ? "HIGH" : k_lighttpd_suites;
    service_.default_ciphers = true;
    service_.dh_parameters = true; // OpenSSL chooses them, where no file is named
    needs_certificate();
    if (const LighttpdSetting* const list = setting("ssl.cipher-list");
        list && !list->items.empty()) {
        service_.ciphers = list->items[0].text;
        service_.default_ciphers = false;
        note_lighttpd_item(service_, list->items[0], Aspect::ciphers, nullptr);
    }
    if (const LighttpdSetting* const commands = setting(k_lighttpd_commands)) {
        read_lighttpd_commands(input_, *commands, reading_, service_, versions_);
    }
    service_.enabled = versions_.minimum & versions_.maximum & versions_.protocols;
    add_inert();
    if (!versions_.decided) {
        service_.lines.push_back({engine->statement, engine->value, Aspect::tls, Role::effective});
    }
    add_insertions();
    put_names();
}

/// Settings in places where lighttpd passes over them.
void warn_of_hosts(const LighttpdModel& model, Reading& reading) {
    for (const LighttpdScope& scope : model.scopes) {
        if (scope.field.empty() || scope.field == k_lighttpd_socket) {
            continue;
        }
        for (const std::string_view key :
             {k_lighttpd_commands, std::string_view{"ssl.cipher-list"}, k_lighttpd_engine}) {
            if (const LighttpdSetting* const ignored = scope.find(std::string{key})) {
                constexpr std::string_view why =
                    "it counts in the whole file or a socket block only";
                reading.warnings.push_back({ignored->statement, std::string{why}});
                for (Service& service : reading.services) {
                    service.lines.push_back(
                        {ignored->statement, ignored->value, Aspect::versions, Role::inert,
                         std::string{why}}
                    );
                }
            }
        }
    }
}

} // namespace

void serve_lighttpd(const Input& input, const LighttpdModel& model, Reading& reading) {
    for (std::size_t i = 0; i < model.scopes.size(); ++i) {
        const LighttpdScope& scope = model.scopes[i];
        const bool socket = scope.field == k_lighttpd_socket && scope.operation == "==";
        if ((i == 0 || socket) && reading.services.size() < k_most_files) {
            LighttpdServing{input, model, i, reading}.serve();
        }
    }
    warn_of_hosts(model, reading);
}

} // namespace tlsdoctor::config
