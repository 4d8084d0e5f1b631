// SPDX-License-Identifier: Apache-2.0
// Tomcat: a Connector with SSLEnabled has an SSLHostConfig for each name; a client without a known
// name gets the one that defaultSSLHostConfigName names. Java's policy is judged beneath.
#include <algorithm>
#include <map>
#include <utility>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/java_policy.hpp"
#include "config/servers/apache_hosts.hpp"
#include "config/servers/servers.hpp"
#include "config/servers/tomcat_values.hpp"
#include "config/syntax/xml.hpp"

namespace tlsdoctor::config {

namespace {

constexpr std::string_view k_tomcat_files[] = {"conf/server.xml", "server.xml"};
constexpr std::string_view k_tomcat_places[] = {
    "/etc/tomcat10/server.xml", "/etc/tomcat9/server.xml", "/opt/tomcat/conf/server.xml",
    "/usr/share/tomcat/conf/server.xml"
};
constexpr std::string_view k_default_host = "_default_";

Line attribute_line(const XmlAttribute& attribute, Aspect aspect, Role role = Role::effective) {
    return {
        .statement = attribute.place, .value = attribute.inside, .aspect = aspect, .role = role
    };
}

/// One Connector.
class TomcatConnector {
public:
    TomcatConnector(
        const Input& input, Reading& reading, const XmlElement& element, const TomcatValues& values
    )
        : input_{input}, reading_{reading}, element_{element}, values_{values} {}
    void read();

private:
    std::vector<std::string> addresses();
    std::string collect_hosts();
    void
    add(const std::string& address, const std::optional<std::string>& sni, const XmlElement* host);
    void fill(Service& service, const XmlElement& host) const;
    void old_attributes(Service& service) const;
    std::string
    value(const XmlElement& element, std::string_view name, std::string_view otherwise = {}) const {
        return values_.expanded(element.value_of(name, otherwise));
    }
    bool knows_old_attributes() const { return older(input_.server_version, "10.1"); }

    const Input& input_;
    Reading& reading_;
    const XmlElement& element_;
    const TomcatValues& values_;
    std::map<std::string, const XmlElement*> hosts_{};
    bool fails_{}; ///< the connector does not come up
};

std::vector<std::string> TomcatConnector::addresses() {
    const auto port = number_in(value(element_, "port"), 65535);
    if (!port) {
        if (!value(element_, "port", "-1").starts_with('-')) {
            reading_.not_understood.push_back({element_.place, "its port is not known here"});
        }
        return {};
    }
    const std::string given = value(element_, "address");
    if (given.empty()) {
        return {fmt::format("0.0.0.0:{}", *port), fmt::format("[::]:{}", *port)};
    }
    const auto address = apache_address(given.contains(':') ? "[" + given + "]" : given, false);
    if (!address) {
        reading_.not_understood.push_back({element_.place, "its address is not known here"});
        return {};
    }
    return {fmt::format(
        fmt::runtime(address->ip.contains(':') ? "[{}]:{}" : "{}:{}"), address->ip, *port
    )};
}

/// Returns what keeps the connector from coming up; empty where nothing does.
std::string TomcatConnector::collect_hosts() {
    for (const XmlElement& child : element_.children) {
        if (child.name != "SSLHostConfig") {
            continue;
        }
        const std::string name = lower(value(child, "hostName", k_default_host));
        if (!hosts_.try_emplace(name, &child).second) {
            return fmt::format("two SSLHostConfig have the name {}", harmless(name));
        }
        if (tomcat_protocols(value(child, "protocols", "all")).empty()) {
            return "no version is left in `protocols`: what has only `-` begins with nothing";
        }
    }
    const std::string standard = lower(value(element_, "defaultSSLHostConfigName", k_default_host));
    if (knows_old_attributes() && !hosts_.contains(standard)) {
        hosts_[standard] = &element_; // attributes of the Connector make an SSLHostConfig
    }
    return hosts_.contains(standard)
               ? ""
               : fmt::format("no SSLHostConfig is called {}, the default", harmless(standard));
}

void TomcatConnector::read() {
    const auto where = addresses();
    const bool http = !value(element_, "protocol", "HTTP/1.1").starts_with("AJP");
    const bool tls = same_ignoring_case(value(element_, "SSLEnabled"), "true") && http;
    if (!tls) {
        for (const std::string& address : where) {
            add(address, std::nullopt, nullptr);
            add(address, "*", nullptr);
        }
        return;
    }
    if (value(element_, "sslImplementationName").contains("OpenSSL")) {
        reading_.not_understood.push_back(
            {element_.place, "it speaks TLS through OpenSSL, and is judged as Java here"}
        );
    }
    const std::string failure = collect_hosts();
    fails_ = !failure.empty();
    if (fails_) {
        reading_.warnings.push_back({element_.place, failure + ": this connector does not come up"}
        );
    }
    const std::string standard = lower(value(element_, "defaultSSLHostConfigName", k_default_host));
    const auto fallback = hosts_.find(standard);
    const XmlElement* const rest = fallback == hosts_.end() ? &element_ : fallback->second;
    for (const std::string& address : where) {
        add(address, std::nullopt, rest);
        for (const auto& [name, host] : hosts_) {
            if (name != k_default_host) {
                add(address, name, host);
            }
        }
        add(address, "*", rest);
    }
}

void TomcatConnector::add(
    const std::string& address, const std::optional<std::string>& sni, const XmlElement* host
) {
    Service service{.address = address, .sni = sni};
    service.door = fails_ ? Door::not_listening : host == nullptr ? Door::plain : Door::tls;
    if (const XmlAttribute* const port = element_.find("port")) {
        service.lines.push_back(attribute_line(*port, Aspect::listen));
    }
    if (const XmlAttribute* const enabled = element_.find("SSLEnabled")) {
        service.lines.push_back(attribute_line(*enabled, Aspect::tls));
    } else if (!element_.children.empty() || value(element_, "scheme") == "https") {
        service.lines.push_back(
            {.statement = element_.place,
             .value = {element_.name_place.file, element_.name_place.end, element_.name_place.end},
             .aspect = Aspect::tls,
             .role = Role::effective,
             .why = "SSLEnabled is missing"}
        );
    }
    old_attributes(service);
    if (host != nullptr) {
        fill(service, *host);
    } else {
        for (const XmlElement& child : element_.children) {
            if (const XmlAttribute* const protocols = child.find("protocols")) {
                service.lines.push_back(attribute_line(*protocols, Aspect::versions, Role::inert));
                service.lines.back().why = "TLS is not enabled on this connector";
            }
        }
    }
    reading_.services.push_back(std::move(service));
}

/// Tomcat 10.1 took away the Connector's own TLS attributes.
void TomcatConnector::old_attributes(Service& service) const {
    for (const std::string_view name : {"sslEnabledProtocols", "sslProtocol"}) {
        const XmlAttribute* const attribute = element_.find(name);
        if (attribute == nullptr) {
            continue;
        }
        const bool counts = knows_old_attributes() && name == "sslEnabledProtocols" &&
                            hosts_.contains(std::string{k_default_host}) &&
                            hosts_.at(std::string{k_default_host}) == &element_;
        Line line =
            attribute_line(*attribute, Aspect::versions, counts ? Role::effective : Role::inert);
        line.rewrite = counts ? rewritten_tomcat_list : nullptr;
        line.why = counts                   ? ""
                   : knows_old_attributes() ? "it does not choose versions"
                                            : "Tomcat 10.1 and later do not know it";
        service.lines.push_back(std::move(line));
    }
}

void TomcatConnector::fill(Service& service, const XmlElement& host) const {
    const bool own = &host == &element_;
    const XmlAttribute* const protocols = host.find(own ? "sslEnabledProtocols" : "protocols");
    service.enabled =
        tomcat_protocols(protocols == nullptr ? "all" : values_.expanded(protocols->value));
    if (protocols != nullptr && !own) {
        service.lines.push_back(attribute_line(*protocols, Aspect::versions));
        service.lines.back().rewrite = rewritten_tomcat_list;
    } else if (protocols == nullptr) {
        service.lines.push_back(
            {.statement = host.place,
             .value = {host.name_place.file, host.name_place.end, host.name_place.end},
             .aspect = Aspect::versions,
             .role = Role::effective,
             .why = "it has no `protocols`: all that Java's policy allows"}
        );
    }
    const XmlAttribute* const ciphers = host.find("ciphers");
    service.default_ciphers = ciphers == nullptr;
    service.ciphers = tomcat_ciphers(ciphers == nullptr ? "" : values_.expanded(ciphers->value));
    if (ciphers != nullptr) {
        service.lines.push_back(attribute_line(*ciphers, Aspect::ciphers));
    }
    if (const XmlAttribute* const name = host.find("hostName")) {
        service.lines.push_back(attribute_line(*name, Aspect::name));
    }
    service.dh_parameters = true;
    const auto certificate = [&](const XmlElement& element) {
        const XmlAttribute* const file = element.find("certificateFile");
        if (file != nullptr) {
            service.certificates.push_back(
                joined_path(values_.base(), values_.expanded(file->value))
            );
            service.lines.push_back(attribute_line(*file, Aspect::certificate));
        }
    };
    certificate(host);
    for (const XmlElement& child : host.children) {
        if (child.name == "Certificate") {
            certificate(child);
        }
    }
}

void visit_connectors(
    const Input& input, Reading& reading, const std::vector<XmlElement>& elements,
    const TomcatValues& values
) {
    for (const XmlElement& element : elements) {
        if (element.name == "Connector") {
            TomcatConnector{input, reading, element, values}.read();
        } else {
            visit_connectors(input, reading, element.children, values);
        }
    }
}

void read_tomcat(const Input& input, Reading& reading) {
    auto bytes = input.files.read(input.main);
    if (!bytes) {
        reading.not_understood.push_back({{}, input.main + ": " + bytes.error().what});
        return;
    }
    const FileId file = reading.sources.add(input.files.real_path(input.main), std::move(*bytes));
    const XmlDocument document = read_xml(reading.sources, file);
    for (const Remark& fault : document.faults) {
        auto& list = fault.what.contains("entity") ? reading.not_understood : reading.fatal;
        list.push_back(fault);
    }
    visit_connectors(input, reading, document.roots, TomcatValues{input, reading});
}

/// `SSLEnabled="true"`, and versions where none are written.
std::vector<Proposal> propose_tomcat(
    const Input& /*input*/, const Reading& /*reading*/, const Service& service, VersionSet wanted
) {
    std::vector<Proposal> proposals;
    for (const Line& line : service.lines) {
        const bool empty = line.value.begin == line.value.end && line.role != Role::inert;
        if (line.aspect == Aspect::tls && service.door == Door::plain) {
            proposals.push_back(
                {{{line.value, empty ? " SSLEnabled=\"true\"" : "true"}}, "SSLEnabled turns TLS on"}
            );
        } else if (line.aspect == Aspect::versions && empty) {
            const auto list = rewritten_tomcat_list("", wanted);
            const std::string text = fmt::format(" protocols=\"{}\"", list.value_or("all"));
            proposals.push_back({{{line.value, text}}, "`protocols` says which versions are spoken"}
            );
        }
    }
    return proposals;
}

} // namespace

const Server& tomcat_server() {
    static constexpr Server row{
        .name = "tomcat",
        .product = "Tomcat",
        .library = Library::java,
        .version = "10.1.60",
        .main_files = k_tomcat_files,
        .places = k_tomcat_places,
        .read = read_tomcat,
        .propose = propose_tomcat,
    };
    return row;
}

} // namespace tlsdoctor::config
