// SPDX-License-Identifier: Apache-2.0
// The lines of main.cf and master.cf that decide for one smtpd, or look as if they did, and the
// places where a parameter may be inserted.
#pragma once

#include <string>
#include <string_view>

#include "config/servers/postfix_parameters.hpp"
#include "config/servers/postfix_tls.hpp"

namespace tlsdoctor::config {

/// Adds lines to a service. Borrows everything.
class PostfixLines final {
public:
    PostfixLines(
        const Reading& reading, const PostfixParameters& parameters, const PostfixDaemon& daemon,
        Service& service
    )
        : reading_{reading}, parameters_{parameters}, daemon_{daemon}, service_{service} {}

    /// Lines of a parameter in main.cf and in the daemon's options. `inert` says why none of them
    /// counts; empty: the last one does.
    void add(std::string_view name, Aspect aspect, std::string_view inert);
    /// Parameters whose values are put in decide too, and the words that name them do not.
    void add_used(const PostfixValue& value, Aspect aspect);
    /// What looks like the server's, but is the client side.
    void add_clients();
    /// Where the list of versions `name` may go.
    void add_insertions(const std::string& name);

private:
    Rewrite rewrite_of(const Setting& setting) const;
    bool without_bounds() const;

    const Reading& reading_;
    const PostfixParameters& parameters_;
    const PostfixDaemon& daemon_;
    Service& service_;
};

} // namespace tlsdoctor::config
