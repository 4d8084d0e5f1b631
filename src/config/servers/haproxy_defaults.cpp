// SPDX-License-Identifier: Apache-2.0
// HAProxy's ssl-default-bind-* and ssl-default-server-* lines: what they set for the bind lines
// that follow, and those that set nothing, as they are for servers or in a branch that is not
// taken.
#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/servers/haproxy_model.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_haproxy_dead = "in a branch of .if that is not taken";

/// Reads lines of defaults into the model.
class HaproxyDefaultReader {
public:
    HaproxyDefaultReader(HaproxyModel& model, Reading& reading)
        : model_{model}, reading_{reading} {}
    bool read(std::span<const HaproxyWord> words, Place statement, bool alive);

private:
    void read_options(std::span<const HaproxyWord> words, Place statement, bool alive);
    void fatal(Place place, std::string what) {
        reading_.fatal.push_back({place, std::move(what)});
    }

    HaproxyModel& model_;
    Reading& reading_;
};

void HaproxyDefaultReader::read_options(
    std::span<const HaproxyWord> words, Place statement, bool alive
) {
    constexpr std::string_view k_others[] = {
        "no-tls-tickets", "prefer-client-ciphers", "tls-tickets"
    };
    const std::size_t number = model_.default_lines.size();
    HaproxyTls ignored;
    bool versions = false;
    for (std::size_t at = 1; at < words.size(); ++at) {
        const HaproxyTaken taken =
            take_version_word(words, at, alive ? model_.defaults : ignored, number);
        versions = versions || taken == HaproxyTaken::yes;
        if (alive && taken == HaproxyTaken::bad) {
            fatal(
                words[at].place, "HAProxy knows SSLv3, TLSv1.0, TLSv1.1, TLSv1.2 and TLSv1.3 here"
            );
        } else if (alive && taken == HaproxyTaken::no &&
                   std::ranges::find(k_others, words[at].text) == std::end(k_others)) {
            fatal(
                words[at].place,
                fmt::format(
                    "`{}` is no option of ssl-default-bind-options", harmless(words[at].text)
                )
            );
        }
    }
    if (versions) {
        model_.default_lines.push_back(
            {statement,
             haproxy_values(words),
             Aspect::versions,
             std::string{alive ? "" : k_haproxy_dead},
             {}}
        );
    }
    if (alive) {
        model_.last_option = statement;
    }
}

/// Takes an ssl-default-* line; false where it is none.
bool HaproxyDefaultReader::read(std::span<const HaproxyWord> words, Place statement, bool alive) {
    const std::string& first = words[0].text;
    const bool client = first.starts_with("ssl-default-server-");
    if (!client && !first.starts_with("ssl-default-bind-")) {
        return false;
    }
    const std::string_view what = std::string_view{first}.substr(client ? 19 : 17);
    const Aspect aspect = what == "options"        ? Aspect::versions
                          : what == "ciphers"      ? Aspect::ciphers
                          : what == "ciphersuites" ? Aspect::ciphersuites
                          : what == "curves"       ? Aspect::groups
                                                   : Aspect::other;
    if (aspect == Aspect::other) {
        return true; // signature algorithms: they decide no version
    }
    if (!client && aspect == Aspect::versions) {
        read_options(words, statement, alive);
        return true;
    }
    if (words.size() < 2) {
        fatal(statement, fmt::format("`{}` needs a value", first));
        return true;
    }
    HaproxyText text{
        words[1].text, {model_.default_lines.size(), words[1].variable, words[1].place}
    };
    const std::string_view why = client ? k_haproxy_client : alive ? "" : k_haproxy_dead;
    model_.default_lines.push_back({statement, haproxy_values(words), aspect, std::string{why}, {}}
    );
    if (!client && alive) {
        (aspect == Aspect::ciphers        ? model_.defaults.ciphers
         : aspect == Aspect::ciphersuites ? model_.defaults.ciphersuites
                                          : model_.defaults.groups) = std::move(text);
    }
    return true;
}

} // namespace

Place haproxy_values(std::span<const HaproxyWord> words) {
    return {
        words[0].place.file, words[words.size() > 1 ? 1 : 0].place.begin, words.back().place.end
    };
}

bool read_haproxy_default(
    HaproxyModel& model, Reading& reading, std::span<const HaproxyWord> words, Place statement,
    bool alive
) {
    return HaproxyDefaultReader{model, reading}.read(words, statement, alive);
}

} // namespace tlsdoctor::config
