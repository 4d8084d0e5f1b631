// SPDX-License-Identifier: Apache-2.0
// IP literals; the reading itself is Asio's (inet_pton with zones).
#include "net/address.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/core.h>

#include "base/text.hpp"
#include "net/awaitable.hpp"

namespace tlsdoctor::net {
namespace {

std::optional<Address> literal(std::string_view text, std::uint16_t port) {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(std::string(text), error);
    if (error) {
        return std::nullopt;
    }
    return Address{.text = address.to_string(), .port = port};
}

} // namespace

bool is_v4(std::string_view text) {
    boost::system::error_code error;
    asio::ip::make_address_v4(std::string(text), error);
    return !error;
}

bool is_v6(std::string_view text) {
    boost::system::error_code error;
    asio::ip::make_address_v6(std::string(text), error);
    return !error;
}

bool is_ip_literal(std::string_view text) {
    return is_v4(text) || is_v6(text);
}

std::optional<Address> parse_address(std::string_view text, std::uint16_t default_port) {
    if (is_ip_literal(text)) {
        return literal(text, default_port);
    }
    std::string_view host = text;
    std::string_view port;
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos || !is_v6(text.substr(1, end - 1))) {
            return std::nullopt;
        }
        host = text.substr(1, end - 1);
        port = text.substr(end + 1);
    } else if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
        host = text.substr(0, colon);
        port = text.substr(colon);
    }
    if (port.empty()) {
        return literal(host, default_port);
    }
    const auto number = number_in(port.substr(1), 0xffff);
    if (!port.starts_with(':') || !number || *number == 0) {
        return std::nullopt;
    }
    return literal(host, static_cast<std::uint16_t>(*number));
}

std::string to_string(const Address& address) {
    const bool v6 = address.text.find(':') != std::string::npos;
    return v6 ? fmt::format("[{}]:{}", address.text, address.port)
              : fmt::format("{}:{}", address.text, address.port);
}

} // namespace tlsdoctor::net
