// SPDX-License-Identifier: Apache-2.0
// One function for each library, and the files of the programs themselves.
#include "cli/local_settings.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::cli {

namespace {

using evidence::LocalSetting;
using Settings = std::vector<LocalSetting>;

constexpr std::string_view k_environment = "environment";

void append(Settings& to, Settings more, std::string_view effect = {}) {
    for (LocalSetting& one : more) {
        if (!effect.empty()) {
            one.effect = effect;
        }
        to.push_back(std::move(one));
    }
}

/// A variable as a setting, where it is set and, with `holds`, has that in it.
void note_variable(
    Settings& to, const Variable& variables, const char* name, std::string_view effect,
    std::string_view holds = {}
) {
    const auto value = variables(name);
    if (value && value->find(holds) != std::string::npos) {
        to.push_back(
            {.name = name,
             .value = *value,
             .file = std::string{k_environment},
             .effect = std::string{effect}}
        );
    }
}

std::string home_file(const Variable& variables, std::string_view name) {
    return variables("HOME").value_or("") + "/" + std::string{name};
}

/// `-DOPENSSL_TLS_SECURITY_LEVEL=2` among the flags that the library was compiled with.
void note_built_in_level(Settings& to, const LocalPlace& place) {
    constexpr std::string_view k_flag = "OPENSSL_TLS_SECURITY_LEVEL=";
    const std::size_t at = place.openssl_flags.find(k_flag);
    const bool set = std::ranges::any_of(to, [](const LocalSetting& one) {
        return one.value.find("@SECLEVEL=") != std::string::npos;
    });
    if (at == std::string::npos || set) {
        return;
    }
    const std::string level = place.openssl_flags.substr(at + k_flag.size(), 1);
    to.push_back(
        {.name = "security level",
         .value = level,
         .file = "compiled in",
         .effect = effect_of_openssl("CipherString", "@SECLEVEL=" + level)}
    );
}

void note_openssl(
    Settings& to, const LocalPlace& place, const FileSource& files, const Variable& variables
) {
    note_variable(to, variables, "OPENSSL_CONF", "this openssl.cnf instead of the system's");
    const std::string path =
        variables("OPENSSL_CONF").value_or(place.openssl_folder + "/openssl.cnf");
    append(to, openssl_settings(path, files));
    note_built_in_level(to, place);
}

void note_gnutls(Settings& to, const FileSource& files, const Variable& variables) {
    note_variable(
        to, variables, "GNUTLS_SYSTEM_PRIORITY_FILE", "this file instead of the system's"
    );
    const std::string path =
        variables("GNUTLS_SYSTEM_PRIORITY_FILE").value_or("/etc/gnutls/config");
    append(
        to,
        named_settings(
            path,
            {"disabled-version", "tls-disabled-cipher", "tls-disabled-group", "tls-disabled-kx",
             "insecure-sig", "insecure-hash", "min-verification-profile", "SYSTEM",
             "default-priority-string"},
            files, false
        ),
        "GnuTLS leaves this out, or begins with this list"
    );
}

void note_java(
    Settings& to, const LocalPlace& place, const FileSource& files, const Variable& variables
) {
    for (const char* const name : {"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"}) {
        note_variable(to, variables, name, "versions of Java's clients", "tls.client.protocols");
        note_variable(to, variables, name, "other security properties", "java.security.properties");
    }
    for (const std::string_view folder : {"/conf/security", "/lib/security", "/jre/lib/security"}) {
        const std::string path = place.java_home + std::string{folder} + "/java.security";
        append(
            to, named_settings(path, {"jdk.tls.disabledAlgorithms"}, files, true),
            "Java offers and accepts none of these"
        );
        append(
            to, named_settings(path, {"jdk.tls.client.protocols"}, files, true),
            "versions of Java's clients"
        );
    }
}

void note_node(Settings& to, const Variable& variables) {
    note_variable(
        to, variables, "NODE_OPTIONS", "the lowest version that Node.js offers", "--tls-min"
    );
    note_variable(
        to, variables, "NODE_OPTIONS", "the highest version that Node.js offers", "--tls-max"
    );
    note_variable(to, variables, "NODE_OPTIONS", "the suites that Node.js offers", "--tls-cipher");
    note_variable(to, variables, "NODE_OPTIONS", "an openssl.cnf for Node.js", "--openssl-config");
}

void note_curl(Settings& to, const FileSource& files, const Variable& variables) {
    const std::string path = variables("CURL_HOME") ? *variables("CURL_HOME") + "/.curlrc"
                                                    : home_file(variables, ".curlrc");
    append(
        to,
        named_settings(
            path,
            {"tls-max", "tlsv1", "tlsv1.0", "tlsv1.1", "tlsv1.2", "tlsv1.3", "sslv3", "sslv2",
             "ciphers", "tls13-ciphers", "curves"},
            files, false
        ),
        "an option of every curl call"
    );
}

void note_wget(Settings& to, const FileSource& files, const Variable& variables) {
    for (const std::string& path : {std::string{"/etc/wgetrc"}, home_file(variables, ".wgetrc")}) {
        append(
            to, named_settings(path, {"secure_protocol", "secureprotocol", "ciphers"}, files, true),
            "the version or priority string of every Wget call"
        );
    }
}

void note_git(Settings& to, const FileSource& files, const Variable& variables) {
    note_variable(to, variables, "GIT_SSL_VERSION", "the lowest version that Git offers");
    note_variable(to, variables, "GIT_SSL_CIPHER_LIST", "the suites that Git offers");
    for (const std::string& path :
         {std::string{"/etc/gitconfig"}, home_file(variables, ".gitconfig")}) {
        append(
            to, named_settings(path, {"sslVersion", "sslCipherList", "sslBackend"}, files, true),
            "what Git offers to every server"
        );
    }
}

/// The versions that a setting leaves.
struct VersionBounds {
    ProtocolVersion least{ProtocolVersion::none};
    std::optional<ProtocolVersion> most{};
};

/// `1.2` behind `--tls-min-v`.
std::optional<ProtocolVersion> version_behind(std::string_view text, std::string_view option) {
    const std::size_t at = text.find(option);
    constexpr std::size_t k_digits = 3;
    return at == std::string_view::npos
               ? std::nullopt
               : version_named(fmt::format("TLS {}", text.substr(at + option.size(), k_digits)));
}

VersionBounds bounds_of(const LocalSetting& setting) {
    VersionBounds bounds;
    const bool without_effect = setting.effect.starts_with("without effect");
    if (without_effect) {
        return bounds;
    }
    if (same_ignoring_case(setting.name, "MinProtocol")) {
        bounds.least = version_named(setting.value).value_or(ProtocolVersion::none);
    } else if (same_ignoring_case(setting.name, "MaxProtocol")) {
        bounds.most = version_named(setting.value);
    } else if (setting.name == "NODE_OPTIONS") {
        bounds.least = version_behind(setting.value, "--tls-min-v").value_or(ProtocolVersion::none);
        bounds.most = version_behind(setting.value, "--tls-max-v");
    }
    return bounds;
}

} // namespace

void note_contradictions(Settings& settings, std::span<const ProtocolVersion> offered) {
    for (LocalSetting& setting : settings) {
        const VersionBounds bounds = bounds_of(setting);
        std::string forbidden;
        for (const ProtocolVersion version : offered) {
            if (version < bounds.least || (bounds.most && version > *bounds.most)) {
                forbidden += (forbidden.empty() ? "" : ", ") + name_of(version);
            }
        }
        setting.contradicted_by = std::move(forbidden);
    }
}

std::optional<std::string> set_variable(const char* name) {
    const char* const value = std::getenv(name); // NOLINT(concurrency-mt-unsafe)
    return value == nullptr || *value == 0 ? std::nullopt : std::optional<std::string>{value};
}

Settings settings_for(const LocalPlace& place, const FileSource& files, const Variable& variables) {
    Settings settings;
    if (place.library == "OpenSSL") {
        note_openssl(settings, place, files, variables);
    } else if (place.library == "GnuTLS") {
        note_gnutls(settings, files, variables);
    }
    if (place.program == "java") {
        note_java(settings, place, files, variables);
    } else if (place.program == "node") {
        note_node(settings, variables);
    } else if (place.program == "curl") {
        note_curl(settings, files, variables);
    } else if (place.program == "wget") {
        note_wget(settings, files, variables);
    } else if (place.program == "git") {
        note_git(settings, files, variables);
    } else if (place.program == "go") {
        note_variable(settings, variables, "GODEBUG", "a switch of Go's TLS", "tls");
    }
    return settings;
}

Settings system_settings(const FileSource& files) {
    Settings settings;
    const std::string path = "/etc/crypto-policies/state/current";
    if (const auto text = files.text(path)) {
        settings.push_back(
            {.name = "crypto policy",
             .value = std::string{trimmed(*text)},
             .file = path,
             .line = 1,
             .effect = "limits OpenSSL, GnuTLS, NSS, Java and Go alike (update-crypto-policies)"}
        );
    }
    return settings;
}

} // namespace tlsdoctor::cli
