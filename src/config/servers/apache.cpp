// SPDX-License-Identifier: Apache-2.0
// Apache httpd: an address belongs to the virtual hosts that name it best; the first of them is the
// base, which decides whether TLS is spoken at all; a name chooses among them (since 2.4.42 its
// versions too, where an SSLProtocol holds for it).
#include <algorithm>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "config/servers/apache_checks.hpp"
#include "config/servers/servers.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_apache_files[] = {
    "apache2.conf", "httpd.conf", "conf/httpd.conf", "apache2/apache2.conf"
};
constexpr std::string_view k_apache_places[] = {
    "/etc/apache2/apache2.conf", "/etc/httpd/conf/httpd.conf", "/usr/local/apache2/conf/httpd.conf"
};
constexpr std::size_t k_most_apache_services = 20'000;

/// Which host each name chooses, of those that belong to one listener.
class ApacheChoice {
public:
    ApacheChoice(const ApacheWorld& world, const ApacheListener& listener) {
        for (const std::size_t host : listener.hosts) {
            for (const std::string& name : world.names[host].names) {
                names_.push_back(name);
                if (name.find_first_of("*?") != name.npos) {
                    patterns_.emplace_back(name, host);
                } else {
                    exact_.try_emplace(name, host);
                }
            }
        }
        std::ranges::sort(names_);
        const auto twice = std::ranges::unique(names_);
        names_.erase(twice.begin(), twice.end());
    }

    const std::vector<std::string>& names() const { return names_; }

    /// The first host that fits, in the order of the file.
    std::optional<std::size_t> host_of(const std::string& name) const {
        const auto exact = exact_.find(name);
        std::optional<std::size_t> found;
        if (exact != exact_.end()) {
            found = exact->second;
        }
        for (const auto& [pattern, host] : patterns_) {
            if ((!found || host < *found) && apache_name_fits(pattern, name)) {
                found = host;
            }
        }
        return found;
    }

private:
    std::vector<std::string> names_{};
    std::map<std::string, std::size_t> exact_{};
    std::vector<std::pair<std::string, std::size_t>> patterns_{};
};

void add_services(const ApacheWorld& world, const ApacheListener& listener, Reading& reading) {
    const std::size_t base = listener.hosts.empty() ? 0 : listener.hosts.front();
    const ApacheChoice choice{world, listener};
    const auto add = [&](const std::optional<std::string>& sni, std::size_t host) {
        if (reading.services.size() < k_most_apache_services) {
            reading.services.push_back(apache_service(world, listener, sni, host));
        }
    };
    add(std::nullopt, base);
    for (const std::string& name : choice.names()) {
        if (!name.empty() && name != "*") {
            add(name, choice.host_of(name).value_or(base));
        }
    }
    add("*", choice.host_of("*").value_or(base));
}

void read_apache(const Input& input, Reading& reading) {
    const ApacheTree tree = read_apache_tree(input, reading);
    const ApacheSettings settings{tree};
    const auto names = apache_names(tree);
    const ApacheWorld world{tree, settings, names, reading.sources, input.server_version};
    const auto listeners = apache_listeners(tree, reading);
    check_apache(world, listeners, input, reading);
    for (const ApacheListener& listener : listeners) {
        add_services(world, listener, reading);
    }
    if (reading.services.size() == k_most_apache_services) {
        reading.not_understood.push_back({{}, "too many addresses and names: the rest is left out"}
        );
    }
}

/// TLS on a port without it: `SSLEngine on` behind the name of the base host, or instead of `off`.
std::vector<Proposal> propose_apache(
    const Input& /*input*/, const Reading& reading, const Service& service, VersionSet /*wanted*/
) {
    std::vector<Proposal> proposals;
    if (service.door != Door::plain) {
        return proposals;
    }
    for (const Line& line : service.lines) {
        if (line.aspect != Aspect::tls || line.role == Role::inert) {
            continue;
        }
        const std::string statement = lower(reading.sources.text(line.statement));
        if (statement.starts_with("sslengine")) {
            proposals.push_back({{{line.value, "on"}}, "`SSLEngine on` turns TLS on"});
            continue;
        }
        const Place whole = reading.sources.line(line.statement);
        const std::string_view bytes = reading.sources.at(whole.file).bytes;
        const std::string end = bytes.substr(whole.end).starts_with("\r\n") ? "\r\n" : "\n";
        std::string indentation{reading.sources.indentation(line.statement)};
        if (statement.starts_with('<')) {
            indentation += "    ";
        }
        const Place behind{whole.file, whole.end, whole.end};
        proposals.push_back(
            {{{behind, end + indentation + "SSLEngine on"}}, "`SSLEngine on` turns TLS on"}
        );
    }
    return proposals;
}

} // namespace

const Server& apache_server() {
    static constexpr Server row{
        .name = "apache",
        .product = "Apache",
        .library = Library::openssl,
        .version = "2.4.62",
        .main_files = k_apache_files,
        .places = k_apache_places,
        .read = read_apache,
        .propose = propose_apache,
    };
    return row;
}

} // namespace tlsdoctor::config
