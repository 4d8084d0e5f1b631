// SPDX-License-Identifier: Apache-2.0
// Contexts of Prosody; see the header.
#include "config/servers/prosody_context.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "config/servers/last_wins.hpp"

namespace tlsdoctor::config {

namespace {

struct ProsodyProfile {
    std::string_view name;
    std::string_view protocol;
    std::string_view ciphers;
    std::string_view curves;
    std::string_view suites;
};

constexpr std::string_view k_prosody_curves = "X25519:prime256v1:secp384r1";
constexpr std::string_view k_prosody_suites =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

/// Of core/certmanager.lua; `legacy` is what holds without a profile, as before 0.12.
constexpr ProsodyProfile k_prosody_profiles[] = {
    {"legacy", "tlsv1+", "HIGH+kEECDH:HIGH+kEDH:HIGH:!PSK:!SRP:!3DES:!aNULL",
     "X25519:P-384:P-256:P-521", ""},
    {"modern", "tlsv1_3", "DEFAULT", k_prosody_curves, k_prosody_suites},
    {"intermediate", "tlsv1_2+",
     "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
     "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
     "DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384",
     k_prosody_curves, k_prosody_suites},
    {"old", "tlsv1+",
     "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
     "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
     "DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384:DHE-RSA-CHACHA20-POLY1305:"
     "ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES128-SHA:"
     "ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES256-SHA384:ECDHE-RSA-AES256-SHA384:"
     "ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA:DHE-RSA-AES128-SHA256:DHE-RSA-AES256-SHA256:"
     "AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA256:AES256-SHA256:AES128-SHA:AES256-SHA:"
     "DES-CBC3-SHA",
     k_prosody_curves, k_prosody_suites},
};

constexpr std::array<std::string_view, 6> k_prosody_versions = {
    "sslv2", "sslv3", "tlsv1", "tlsv1_1", "tlsv1_2", "tlsv1_3" // in the order of k_versions
};

/// What each field is about; fields that are not here have nothing to do with what is negotiated.
constexpr std::pair<std::string_view, Aspect> k_prosody_aspects[] = {
    {"protocol", Aspect::versions},         {"ciphers", Aspect::ciphers},
    {"ciphersuites", Aspect::ciphersuites}, {"curveslist", Aspect::groups},
    {"certificate", Aspect::certificate},   {"dhparam", Aspect::dh},
};

std::optional<VersionSet> prosody_versions(std::string_view text) {
    if (text == "sslv23" || text == "any" || text == "auto") {
        return VersionSet::all();
    }
    const bool open = text.ends_with('+');
    text.remove_suffix(open ? 1 : 0);
    const auto found = std::ranges::find(k_prosody_versions, text);
    if (found == k_prosody_versions.end()) {
        return std::nullopt;
    }
    const ProtocolVersion lowest =
        k_versions[static_cast<std::size_t>(found - k_prosody_versions.begin())];
    return VersionSet::range(lowest, open ? ProtocolVersion::tls_1_3 : lowest);
}

std::string_view prosody_name(ProtocolVersion version) {
    const auto found = std::ranges::find(k_versions, version);
    return k_prosody_versions[static_cast<std::size_t>(found - k_versions.begin())];
}

/// Takes `"no_tlsv1_3",` out of a list for each version that is wanted.
std::optional<std::string> rewrite_prosody_options(std::string_view old, VersionSet wanted) {
    std::string text{old};
    for (const ProtocolVersion version : wanted.members()) {
        const std::string word = "no_" + std::string{prosody_name(version)};
        for (const char quote : {'"', '\''}) {
            const std::size_t at = text.find(quote + word + quote);
            if (at == text.npos) {
                continue;
            }
            std::size_t end = at + word.size() + 2;
            end = text.find_first_not_of(" \t,;", end);
            text.erase(at, std::min(end, text.size()) - at);
        }
    }
    return text == old ? std::nullopt : std::optional{text};
}

} // namespace

std::optional<std::string> rewrite_prosody_protocol(std::string_view old, VersionSet wanted) {
    if (wanted.empty() || old.empty() || (old.front() != '"' && old.front() != '\'')) {
        return std::nullopt;
    }
    std::string text{prosody_name(wanted.lowest())};
    if (wanted == VersionSet::range(wanted.lowest(), ProtocolVersion::tls_1_3)) {
        text += wanted.lowest() == ProtocolVersion::tls_1_3 ? "" : "+";
    } else if (wanted.lowest() != wanted.highest()) {
        return std::nullopt; // a range that ends below TLS 1.3 has no name
    }
    return quoted_as(old, text);
}

std::optional<std::string> rewrite_prosody_profile(std::string_view old, VersionSet wanted) {
    const std::string_view name = wanted == VersionSet{ProtocolVersion::tls_1_3} ? "modern"
                                  : wanted == k_modern_versions                  ? "intermediate"
                                  : wanted.has(ProtocolVersion::tls_1_0)         ? "old"
                                                                                 : "";
    if (name.empty()) {
        return std::nullopt;
    }
    return quoted_as(old.empty() ? "\"" : old, name);
}

ProsodyContext::ProsodyContext(std::string_view server_version, const ProsodyOption* profile)
    : profile_{profile} {
    std::string name = older(server_version, "0.12") ? "legacy" : "intermediate";
    if (profile_ != nullptr) {
        name = profile_->value.text;
    }
    for (const ProsodyProfile& one : k_prosody_profiles) {
        if (one.name == "legacy" || one.name == name) {
            set_default("protocol", one.protocol);
            set_default("ciphers", one.ciphers);
            set_default("curveslist", one.curves);
            set_default("ciphersuites", one.suites);
        }
    }
}

void ProsodyContext::set_default(const std::string& name, std::string_view text) {
    fields_[name] = {.text = std::string{text}, .is_default = true};
}

void ProsodyContext::set(const std::string& name, Field field) {
    const auto old = fields_.find(name);
    const auto aspect =
        std::ranges::find(k_prosody_aspects, name, &std::pair<std::string_view, Aspect>::first);
    if (old != fields_.end() && !old->second.is_default && aspect != std::end(k_prosody_aspects) &&
        !(old->second.statement == field.statement)) {
        inert_.push_back(
            {.statement = old->second.statement,
             .value = old->second.value,
             .aspect = aspect->second,
             .role = Role::inert,
             .why = "a more special table overrides it"}
        );
    }
    fields_[name] = std::move(field);
}

void ProsodyContext::apply(const ProsodyOption* option) {
    if (option != nullptr && option->value.kind == LuaKind::table) {
        apply_table(option->value);
    }
}

void ProsodyContext::apply_inner(const ProsodyOption* option, std::string_view name) {
    const LuaField* const inner = option == nullptr ? nullptr : option->value.field(name);
    if (inner != nullptr && inner->value.kind == LuaKind::table) {
        apply_table(inner->value);
    }
}

void ProsodyContext::apply_table(const LuaValue& table) {
    for (const LuaField& field : table.fields) {
        if (field.name == "options") {
            take_options(field);
        } else if (!field.name.empty()) {
            const std::string text = field.value.kind == LuaKind::table
                                         ? joined(lua_words(field.value), ":")
                                         : field.value.text;
            set(field.name, {text, field.place, field.value.place, false});
        }
    }
}

void ProsodyContext::take_options(const LuaField& field) {
    const auto take = [&](const std::string& name, bool on) {
        switches_[name] = {on ? "on" : "", field.place, field.value.place, false};
    };
    if (field.value.kind == LuaKind::string) {
        take(field.value.text, true);
    }
    for (const LuaField& one : field.value.fields) {
        one.name.empty() ? take(one.value.text, true) : take(one.name, one.value.text == "true");
    }
}

void ProsodyContext::apply_certificate(const std::string& path) {
    if (!path.empty()) {
        set("certificate", {.text = path, .is_default = true});
    }
}

void ProsodyContext::pass_over(const ProsodyOption* option, const std::string& why) {
    if (option == nullptr) {
        return;
    }
    for (const std::string_view name : {"protocol", "options"}) {
        if (const LuaField* const field = option->value.field(name)) {
            inert_.push_back(
                {.statement = field->place,
                 .value = field->value.place,
                 .aspect = Aspect::versions,
                 .role = Role::inert,
                 .why = why}
            );
        }
    }
}

bool ProsodyContext::can_be_made() const {
    return prosody_versions(text_of("protocol")).has_value();
}

std::string ProsodyContext::text_of(const std::string& name) const {
    const auto found = fields_.find(name);
    return found == fields_.end() ? std::string{} : found->second.text;
}

void ProsodyContext::add_line(
    Service& service, const std::string& name, Aspect aspect, Rewrite rewrite
) const {
    const auto found = fields_.find(name);
    if (found != fields_.end() && !found->second.is_default) {
        service.lines.push_back(
            {.statement = found->second.statement,
             .value = found->second.value,
             .aspect = aspect,
             .role = Role::effective,
             .rewrite = rewrite}
        );
    }
}

void ProsodyContext::add_profile_line(Service& service) const {
    if (profile_ == nullptr) {
        return;
    }
    const bool versions = fields_.at("protocol").is_default;
    const bool ciphers = fields_.at("ciphers").is_default;
    service.lines.push_back(
        {.statement = profile_->statement,
         .value = profile_->value.place,
         .aspect = versions || !ciphers ? Aspect::versions : Aspect::ciphers,
         .role = versions || ciphers ? Role::effective : Role::inert,
         .why = versions || ciphers ? "" : "the ssl tables override it",
         .rewrite = versions ? rewrite_prosody_profile : nullptr}
    );
}

void ProsodyContext::fill_versions(Service& service) const {
    service.enabled = prosody_versions(text_of("protocol")).value_or(VersionSet{});
    service.otherwise = VersionSet::range(ProtocolVersion::tls_1_2, ProtocolVersion::tls_1_3);
    const Field* last = nullptr;
    for (const ProtocolVersion version : k_versions) {
        const auto found = switches_.find("no_" + std::string{prosody_name(version)});
        if (found != switches_.end() && !found->second.text.empty()) {
            service.enabled.remove(version);
            last = &found->second;
        }
    }
    if (last != nullptr) {
        service.lines.push_back(
            {.statement = last->statement,
             .value = last->value,
             .aspect = Aspect::versions,
             .role = Role::effective,
             .rewrite = rewrite_prosody_options}
        );
    }
    service.groups = text_of("curveslist");
    service.sets_minimum = true;
    add_line(service, "protocol", Aspect::versions, rewrite_prosody_protocol);
    add_line(service, "curveslist", Aspect::groups, nullptr);
    add_profile_line(service);
    for (const Line& line : inert_) {
        service.lines.push_back(line);
    }
}

void ProsodyContext::fill_names(const Input& input, const std::string& folder, Service& service)
    const {
    service.ciphers = text_of("ciphers");
    service.default_ciphers = fields_.at("ciphers").is_default;
    service.ciphersuites = text_of("ciphersuites");
    service.dh_parameters = fields_.contains("dhparam");
    add_line(service, "ciphers", Aspect::ciphers, nullptr);
    add_line(service, "ciphersuites", Aspect::ciphersuites, nullptr);
    add_line(service, "dhparam", Aspect::dh, nullptr);
    add_line(service, "certificate", Aspect::certificate, nullptr);
    if (has_certificate()) {
        const std::string path = joined_path(folder, text_of("certificate"));
        service.certificates.push_back(original_of(input.start, path));
    }
}

} // namespace tlsdoctor::config
