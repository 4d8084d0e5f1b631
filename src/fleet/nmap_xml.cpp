// SPDX-License-Identifier: Apache-2.0
// The only file that includes expat. Its callbacks fill a host; each open port of it is an entry.
#include "fleet/nmap_xml.hpp"

#include <algorithm>
#include <utility>

#include <expat.h>
#include <fmt/core.h>

#include "base/text.hpp"

namespace tlsdoctor::fleet {

namespace {

/// No tag of nmap's is nearly as long, but the output of a script may be a large attribute.
constexpr std::size_t k_longest_tag = std::size_t{4} * 1024 * 1024;

/// The value of an attribute; empty where there is none.
std::string_view attribute(const char** attributes, std::string_view name) {
    for (; *attributes != nullptr; attributes += 2) {
        if (name == attributes[0]) {
            return attributes[1];
        }
    }
    return {};
}

} // namespace

/// The parser and the host that it stands in.
struct NmapXml::Parser {
    Parser() : expat{XML_ParserCreate(nullptr)} {
        XML_SetUserData(expat, this);
        XML_SetElementHandler(expat, &Parser::on_start, &Parser::on_end);
        XML_SetEntityDeclHandler(expat, &Parser::on_entity);
    }
    Parser(const Parser&) = delete;
    Parser& operator=(const Parser&) = delete;
    ~Parser() { XML_ParserFree(expat); }

    static void on_start(void* self, const char* name, const char** attributes) {
        static_cast<Parser*>(self)->start(name, attributes);
    }
    static void on_end(void* self, const char* name) { static_cast<Parser*>(self)->end(name); }
    static void
    on_entity(void* self, const char*, int, const char*, int, const char*, const char*, const char*, const char*) {
        static_cast<Parser*>(self)->refuse("it declares entities, which nmap does not");
    }

    std::size_t line() const { return XML_GetCurrentLineNumber(expat); }

    void refuse(std::string what) {
        if (!failed) {
            items.emplace_back(ListProblem{.line = line(), .what = std::move(what)});
            failed = true;
            XML_StopParser(expat, XML_FALSE);
        }
    }

    void start(std::string_view name, const char** attributes) {
        if (name == "host") {
            up = true;
            address.clear();
            typed.clear();
            has_ports = false;
        } else if (name == "status") {
            up = attribute(attributes, "state") != "down";
        } else if (name == "address" && attribute(attributes, "addrtype") != "mac") {
            address = attribute(attributes, "addr");
        } else if (name == "hostname" && attribute(attributes, "type") == "user") {
            typed = attribute(attributes, "name");
        } else if (name == "ports") {
            has_ports = true;
        } else if (name == "port") {
            const bool tcp = attribute(attributes, "protocol") == "tcp";
            const auto number = number_in(attribute(attributes, "portid"), 65535);
            port = tcp && number ? static_cast<std::uint16_t>(*number) : std::uint16_t{};
        } else if (name == "state" && port != 0 && attribute(attributes, "state") == "open") {
            add(port);
        }
    }

    void end(std::string_view name) {
        if (name == "port") {
            port = 0;
        } else if (name == "host" && !has_ports) {
            add(std::nullopt); // `nmap -sn`: alive, and nobody looked at its ports
        }
    }

    void add(std::optional<std::uint16_t> at) {
        if (!up || !ip_in(address)) {
            return;
        }
        const std::string shown =
            at && address.contains(':') ? fmt::format("[{}]", address) : address;
        items.emplace_back(Entry{
            .word = address,
            .port = at,
            .name = typed,
            .input = at ? fmt::format("{}:{}", shown, *at) : shown,
            .line = line()
        });
    }

    void parse(std::string_view bytes, bool last) {
        if (failed) {
            return;
        }
        fed += bytes.size();
        const auto size = static_cast<int>(bytes.size());
        if (XML_Parse(expat, bytes.data(), size, last ? 1 : 0) != XML_STATUS_OK) {
            const char* const why = XML_ErrorString(XML_GetErrorCode(expat));
            refuse(fmt::format("not the XML of nmap: {}", last ? "it ends in the middle" : why));
            return;
        }
        const auto at = XML_GetCurrentByteIndex(expat);
        if (at >= 0 && fed - std::min(fed, static_cast<std::size_t>(at)) > k_longest_tag) {
            refuse("not the XML of nmap: a tag that does not end");
        }
    }

    XML_Parser expat;
    std::vector<ListItem> items{};
    std::string address{};
    std::string typed{}; ///< the name that nmap was asked for, which is no reverse DNS
    std::uint16_t port{};
    bool up{};
    bool has_ports{};
    bool failed{};
    std::size_t fed{};
};

NmapXml::NmapXml() : parser_{std::make_unique<Parser>()} {}

NmapXml::~NmapXml() = default;

void NmapXml::feed(std::string_view bytes) {
    parser_->parse(bytes, false);
}

void NmapXml::finish() {
    parser_->parse({}, true);
}

std::vector<ListItem> NmapXml::take() {
    return std::exchange(parser_->items, {});
}

} // namespace tlsdoctor::fleet
