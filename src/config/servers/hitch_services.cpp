// SPDX-License-Identifier: Apache-2.0
// hitch: one set of versions and suites for the process; a frontend block has its own only where it
// has a certificate of its own. Names come from the certificates.
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/missing_file.hpp"
#include "config/openssl_suites.hpp"
#include "config/servers/hitch_model.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_hitch_suites = "EECDH+AESGCM:EDH+AESGCM:AES256+EECDH:AES256+EDH";

/// Makes services of frontends.
class HitchServing {
public:
    HitchServing(const Input& input, const HitchModel& model, Reading& reading)
        : input_{input}, model_{model}, reading_{reading} {}
    void serve(const HitchBlock& block);

private:
    void add_version_lines(const HitchBlock& block, bool own, Service& service) const;
    void put_names(Service service, const std::vector<HitchValue>& certificates);
    void fatal(Place place, std::string what) {
        reading_.fatal.push_back({place, std::move(what)});
    }

    const Input& input_;
    const HitchModel& model_;
    Reading& reading_;
};

void HitchServing::add_version_lines(const HitchBlock& block, bool own, Service& service) const {
    const auto add = [&](const HitchValue& value, Role role, std::string why) {
        const bool list = reading_.sources.text(value.statement).starts_with("tls-protos");
        service.lines.push_back(
            {value.statement, value.value, Aspect::versions, role, std::move(why),
             role == Role::effective && list ? hitch_versions : nullptr}
        );
    };
    const bool by_block = own && block.versions;
    for (const HitchValue& old : model_.global.overridden) {
        add(old, Role::inert, "a later line replaces it");
    }
    if (block.versions) {
        add(*block.versions, own ? Role::effective : Role::inert,
            own ? "" : "a frontend's own versions count only with a pem-file of its own");
    }
    if (model_.global.versions) {
        add(*model_.global.versions, by_block ? Role::inert : Role::effective,
            by_block ? "the frontend has its own" : "");
    }
    if (!by_block && !model_.global.versions) {
        service.lines.push_back({block.statement, block.statement, Aspect::listen, Role::effective}
        );
        if (!model_.frontends.empty()) {
            service.insertions.push_back(
                {model_.frontends.front().statement, true, "tls-protos = {}", hitch_versions}
            );
        }
    }
}

void HitchServing::serve(const HitchBlock& block) {
    const bool own = !block.certificates.empty();
    const auto& certificates = own ? block.certificates : model_.global.certificates;
    Service service;
    service.otherwise = k_modern_versions;
    service.enabled = own && block.versions    ? block.enabled
                      : model_.global.versions ? model_.global.enabled
                                               : k_modern_versions;
    service.ciphers = k_hitch_suites;
    service.default_ciphers = true;
    const auto text = [&](const auto& mine, const auto& all, Aspect aspect, std::string& into) {
        const auto& chosen = own && mine ? mine : all;
        if (chosen) {
            into = chosen->text;
            service.lines.push_back({chosen->statement, chosen->value, aspect, Role::effective});
        }
        return chosen.has_value();
    };
    if (text(block.ciphers, model_.global.ciphers, Aspect::ciphers, service.ciphers)) {
        service.default_ciphers = false;
        if (const auto refused = refusal_of_ciphers(input_.knowledge, service.ciphers)) {
            fatal(service.lines.back().statement, *refused);
        }
    }
    text(
        block.ciphersuites, model_.global.ciphersuites, Aspect::ciphersuites, service.ciphersuites
    );
    if (text(block.groups, model_.global.groups, Aspect::groups, service.groups) &&
        service.groups == "auto") {
        service.groups.clear();
    }
    service.dh_parameters = model_.global.dh_parameters;
    add_version_lines(block, own, service);
    if (certificates.empty()) {
        fatal(block.statement, "hitch needs a pem-file");
    }
    const std::string host = block.host.empty() || block.host == "*" ? "" : block.host;
    const std::string shown = host.contains(':') ? "[" + host + "]" : host;
    service.address = fmt::format("{}:{}", host.empty() ? "0.0.0.0" : shown, block.port);
    put_names(service, certificates);
    if (host.empty()) {
        service.address = fmt::format("[::]:{}", block.port);
        put_names(service, certificates);
    }
}

/// Names come from the certificates; the last one is the default.
void HitchServing::put_names(Service service, const std::vector<HitchValue>& certificates) {
    std::vector<std::pair<std::string, std::string>> names;
    for (const HitchValue& value : certificates) {
        const std::string path = joined_path(folder_of(input_.main), value.text);
        note_missing_file(input_, reading_, path, value.statement);
        service.certificates = {input_.files.real_path(path)};
        const auto pem = input_.files.read(path);
        const auto info = pem ? input_.knowledge.certificate(*pem) : std::nullopt;
        if (pem && pem->contains("BEGIN DH PARAMETERS")) {
            service.dh_parameters = true;
        }
        for (const std::string& name : info ? info->names : std::vector<std::string>{}) {
            names.emplace_back(lower(name), service.certificates[0]);
        }
    }
    const Service base = service;
    reading_.services.push_back(base);
    for (const auto& [name, path] : names) {
        service.sni = name;
        service.certificates = {path};
        reading_.services.push_back(service);
    }
    service = base;
    service.sni = "*";
    service.door = model_.global.refuses_names ? Door::name_refused : Door::tls;
    reading_.services.push_back(std::move(service));
}

} // namespace

void serve_hitch(const Input& input, const HitchModel& model, Reading& reading) {
    HitchServing serving{input, model, reading};
    for (std::size_t i = 0; i < model.frontends.size() && i < k_most_files; ++i) {
        serving.serve(model.frontends[i]);
    }
}

} // namespace tlsdoctor::config
