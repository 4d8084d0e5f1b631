// SPDX-License-Identifier: Apache-2.0
// Two bytes [RFC 8446 6].
#include "wire/alert.hpp"

#include "wire/record.hpp"
#include "wire/writer.hpp"

namespace tlsdoctor::wire {

std::expected<Alert, ParseError> read_alert(ByteView fragment) {
    return read_message(fragment, [](Reader& in) {
        Alert alert;
        alert.level = in.number<AlertLevel>("level");
        alert.description = in.number<AlertDescription>("description");
        return alert;
    });
}

Bytes write(const Alert& alert) {
    Writer out;
    out.number(alert.level);
    out.number(alert.description);
    return out.take();
}

Bytes fatal_alert_record(ProtocolVersion version, AlertDescription description) {
    const Alert alert{.level = AlertLevel::fatal, .description = description};
    return record(ContentType::alert, version, write(alert));
}

} // namespace tlsdoctor::wire
