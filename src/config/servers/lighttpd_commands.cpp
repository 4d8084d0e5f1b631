// SPDX-License-Identifier: Apache-2.0
// The commands of lighttpd's ssl.openssl.ssl-conf-cmd, which are those of SSL_CONF_cmd(3): what
// they decide, which of them OpenSSL does not know, and how their values are written anew.
#include "config/servers/lighttpd_commands.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/openssl_policy.hpp"
#include "config/openssl_suites.hpp"

namespace tlsdoctor::config {

namespace {

/// Commands of SSL_CONF_cmd(3) that are about versions, suites and groups.
struct LighttpdCommand {
    std::string_view name; ///< lower case
    Aspect aspect;
};
constexpr LighttpdCommand k_lighttpd_known[] = {
    {"minprotocol", Aspect::versions},
    {"maxprotocol", Aspect::versions},
    {"protocol", Aspect::versions},
    {"cipherstring", Aspect::ciphers},
    {"ciphersuites", Aspect::ciphersuites},
    {"curves", Aspect::groups},
    {"groups", Aspect::groups},
    {"dhparameters", Aspect::dh},
    {"options", Aspect::other},
    {"signaturealgorithms", Aspect::other},
    {"clientsignaturealgorithms", Aspect::other},
    {"certificate", Aspect::other},
    {"privatekey", Aspect::other},
    {"chaincafile", Aspect::other},
    {"chaincapath", Aspect::other},
    {"verifycafile", Aspect::other},
    {"verifycapath", Aspect::other},
    {"verifymode", Aspect::other},
    {"requestcafile", Aspect::other},
    {"requestcapath", Aspect::other},
    {"clientcafile", Aspect::other},
    {"clientcapath", Aspect::other},
    {"numtickets", Aspect::other},
    {"recordpadding", Aspect::other},
    {"serverinfofile", Aspect::other},
    {"ecdhparameters", Aspect::groups},
};

constexpr std::string_view k_lighttpd_versions[] = {"None",    "SSLv3",   "TLSv1",
                                                    "TLSv1.1", "TLSv1.2", "TLSv1.3"};

const LighttpdCommand* command_named(const std::string& name) {
    const auto found = std::ranges::find(k_lighttpd_known, lower(name), &LighttpdCommand::name);
    return found == std::end(k_lighttpd_known) ? nullptr : &*found;
}

std::optional<std::string> lighttpd_minimum(std::string_view, VersionSet wanted) {
    return wanted.empty() ? std::nullopt
                          : std::optional{fmt::format("\"{}\"", openssl_name(wanted.lowest()))};
}

std::optional<std::string> lighttpd_maximum(std::string_view, VersionSet wanted) {
    return wanted.empty() ? std::nullopt
                          : std::optional{fmt::format("\"{}\"", openssl_name(wanted.highest()))};
}

std::optional<std::string> lighttpd_protocol(std::string_view, VersionSet wanted) {
    return wanted.empty() ? std::nullopt
                          : std::optional{fmt::format("\"-ALL,{}\"", openssl_names(wanted, ","))};
}

/// Reads the commands of one list.
class LighttpdCommands {
public:
    LighttpdCommands(
        const Input& input, Reading& reading, Service& service, LighttpdVersions& versions
    )
        : input_{input}, reading_{reading}, service_{service}, versions_{versions} {}
    void read(const LighttpdSetting& commands);

private:
    void read_command(const LighttpdItem& item);
    void check_version(const LighttpdItem& item);
    void fatal(Place place, std::string what) {
        add_lighttpd_fatal(reading_, place, std::move(what));
    }

    const Input& input_;
    Reading& reading_;
    Service& service_;
    LighttpdVersions& versions_;
};

void LighttpdCommands::check_version(const LighttpdItem& item) {
    if (std::ranges::find(k_lighttpd_versions, item.text) == std::end(k_lighttpd_versions)) {
        fatal(
            item.statement, fmt::format(
                                "OpenSSL knows no version `{}` (TLSv1, TLSv1.1, TLSv1.2, TLSv1.3)",
                                harmless(item.text)
                            )
        );
    }
}

void LighttpdCommands::read_command(const LighttpdItem& item) {
    const std::string name = lower(item.key);
    const LighttpdCommand* const known = command_named(name);
    if (known == nullptr) {
        fatal(item.statement, fmt::format("OpenSSL knows no setting `{}`", harmless(item.key)));
        return;
    }
    if (known->aspect == Aspect::other) {
        service_.lines.push_back(
            {item.statement, item.place, Aspect::other, Role::inert,
             "it decides no version and no suite"}
        );
        return;
    }
    Rewrite rewrite = nullptr;
    if (name == "minprotocol") {
        check_version(item);
        versions_.minimum = at_least(item.text);
        rewrite = lighttpd_minimum;
    } else if (name == "maxprotocol") {
        check_version(item);
        versions_.maximum = at_most(item.text);
        rewrite = lighttpd_maximum;
    } else if (name == "protocol") {
        versions_.protocols = protocols_in(item.text);
        rewrite = lighttpd_protocol;
    } else if (name == "cipherstring") {
        service_.ciphers = item.text;
        service_.default_ciphers = false;
    } else if (name == "ciphersuites") {
        service_.ciphersuites = item.text;
    } else if (known->aspect == Aspect::groups) {
        service_.groups = item.text;
    } else {
        service_.dh_parameters = true;
    }
    note_lighttpd_item(service_, item, known->aspect, rewrite);
    versions_.decided = versions_.decided || known->aspect == Aspect::versions;
}

void LighttpdCommands::read(const LighttpdSetting& commands) {
    for (const LighttpdItem& item : commands.items) {
        read_command(item);
    }
    if (!service_.default_ciphers) {
        if (const auto refused = refusal_of_ciphers(input_.knowledge, service_.ciphers)) {
            fatal(commands.statement, *refused);
        }
    }
}

} // namespace

std::optional<std::string> lighttpd_list(std::string_view, VersionSet wanted) {
    if (wanted.empty()) {
        return std::nullopt;
    }
    std::string list = fmt::format("(\"MinProtocol\" => \"{}\"", openssl_name(wanted.lowest()));
    if (wanted.highest() != ProtocolVersion::tls_1_3) {
        list += fmt::format(", \"MaxProtocol\" => \"{}\"", openssl_name(wanted.highest()));
    }
    return list + ")";
}

void note_lighttpd_item(
    Service& service, const LighttpdItem& item, Aspect aspect, Rewrite rewrite
) {
    service.lines.push_back({item.statement, item.place, aspect, Role::effective, "", rewrite});
    if (item.variable) {
        service.lines.push_back(
            {item.variable->statement, item.variable->value, aspect, Role::effective,
             "the variable is used in an ssl.* setting", rewrite}
        );
    }
}

void add_lighttpd_fatal(Reading& reading, Place place, std::string what) {
    const bool known = std::ranges::any_of(reading.fatal, [&](const Remark& one) {
        return one.place == place && one.what == what;
    });
    if (!known) {
        reading.fatal.push_back({place, std::move(what)});
    }
}

void read_lighttpd_commands(
    const Input& input, const LighttpdSetting& commands, Reading& reading, Service& service,
    LighttpdVersions& versions
) {
    LighttpdCommands{input, reading, service, versions}.read(commands);
}

} // namespace tlsdoctor::config
