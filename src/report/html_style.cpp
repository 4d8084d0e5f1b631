// SPDX-License-Identifier: Apache-2.0
// The look of the HTML report, its script, and the policy that names both by their digests: nothing
// else can be loaded or run, whatever a peer's text tries.
#include <array>

#include <fmt/core.h>

#include "base/digest.hpp"
#include "report/html_parts.hpp"

namespace tlsdoctor::report {

namespace {

constexpr std::string_view k_style = R"css(
:root {
  --paper: #fcfcfa; --ink: #1f2733; --soft: #5a6472; --rule: #e2e3de; --rail: #ececE7; --shade: #f4f4f0;
  --plain: #3d5f94; --fail: #a63a34; --unsure: #69508c; --warn: #8a5d0a; --ok: #2f6d4a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181d; --ink: #e3e6eb; --soft: #9aa4b2; --rule: #2d333c; --rail: #262b33; --shade: #1b1f26;
    --plain: #8db0e6; --fail: #ee9a92; --unsure: #c5a8ea; --warn: #ddb565; --ok: #86c8a0;
  }
}
* { box-sizing: border-box; }
html { color-scheme: light dark; background: var(--paper); }
body {
  margin: 0 auto; padding: 3rem 1.5rem 4rem; max-width: 72rem; color: var(--ink); background: var(--paper);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
h1 { margin: 0 0 .3rem; font-size: 1.9rem; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; }
h2 { margin: 3.2rem 0 .4rem; font-size: 1.25rem; font-weight: 650; }
h3 { margin: 2rem 0 .6rem; font-size: 1rem; font-weight: 650; }
p { margin: .2rem 0 .8rem; }
.sub, .lead, footer, caption, small { color: var(--soft); }
.sub { margin-bottom: 1.8rem; overflow-wrap: anywhere; }
a { color: inherit; text-decoration-color: var(--plain); text-underline-offset: .2em; }
a:hover { color: var(--plain); }
:focus-visible { outline: 2px solid var(--plain); outline-offset: 2px; }
code, pre { font-family: ui-monospace, "SFMono-Regular", Menlo, Consolas, "Liberation Mono", monospace; font-size: .88em; }
nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1.3rem; margin: 1.6rem 0 0; padding: 0; list-style: none; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1px; margin: 0 0 1rem; background: var(--rule); border: 1px solid var(--rule); border-radius: 10px; overflow: hidden; }
.tiles div { display: flex; flex-direction: column-reverse; padding: 1rem 1.2rem; background: var(--paper); }
.tiles dd { margin: 0; font-size: 2rem; line-height: 1.2; font-weight: 600; font-variant-numeric: tabular-nums; }
.tiles dt { margin-top: .2rem; }
.badge { font-size: .78rem; font-weight: 650; letter-spacing: .03em; white-space: nowrap; }
.badge.fail { color: var(--fail); } .badge.unsure { color: var(--unsure); }
.badge.warn { color: var(--warn); } .badge.ok { color: var(--ok); }
svg { display: block; width: 100%; }
svg.verdicts { height: 14px; border-radius: 7px; }
svg.bar { height: 9px; border-radius: 3px; min-width: 6rem; }
svg.chart { max-width: 760px; height: auto; overflow: visible; }
.rail { fill: var(--rail); } .gap { fill: var(--paper); }
.fill.plain, .mark.plain { fill: var(--plain); } .fill.fail, .mark.fail { fill: var(--fail); }
.fill.unsure, .mark.unsure { fill: var(--unsure); } .fill.warn, .mark.warn { fill: var(--warn); }
.fill.ok, .mark.ok { fill: var(--ok); }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.line.plain { stroke: var(--plain); } .line.fail { stroke: var(--fail); } .line.unsure { stroke: var(--unsure); }
.line.warn { stroke: var(--warn); } .line.ok { stroke: var(--ok); }
.grid { stroke: var(--rule); stroke-width: 1; }
.tick { fill: var(--soft); font-size: 12px; } .name { fill: var(--ink); font-size: 12.5px; }
.wide { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .94rem; }
caption { padding: .2rem 0 .5rem; text-align: left; font-size: .88rem; }
th, td { padding: .42rem .9rem .42rem 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
thead th { color: var(--soft); font-size: .84rem; font-weight: 550; white-space: nowrap; }
tbody th { font-weight: 500; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.b { width: 38%; padding-top: .85rem; padding-right: 0; }
.tally tbody th { white-space: nowrap; }
.targets { font-size: .87rem; }
.targets tbody th { overflow-wrap: anywhere; min-width: 11rem; }
.targets td:nth-child(4) { min-width: 15rem; overflow-wrap: anywhere; }
.targets td:nth-child(5) { min-width: 8rem; }
.runs { font-size: .87rem; } .runs small { display: block; }
.targets tbody tr:hover, .runs tbody tr:hover { background: var(--shade); }
details { border-bottom: 1px solid var(--rule); }
section > details:first-of-type { border-top: 1px solid var(--rule); }
summary { padding: .55rem 0; cursor: pointer; }
summary code { margin-right: .6rem; }
details:target > summary { color: var(--plain); }
pre { margin: 0 0 1rem; padding: 1rem 1.2rem; overflow-x: auto; background: var(--shade); border-radius: 8px; line-height: 1.45; }
.tools { display: flex; flex-wrap: wrap; gap: .6rem 1.2rem; align-items: center; margin: .8rem 0; font-size: .9rem; }
.tools input, .tools select { margin-left: .4rem; padding: .35rem .6rem; font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--rule); border-radius: 6px; }
.tools input { width: 16rem; max-width: 60vw; }
thead button { padding: 0; font: inherit; color: inherit; background: none; border: 0; cursor: pointer; }
thead button:hover { color: var(--plain); }
th[aria-sort=ascending] button::after { content: " ↑"; } th[aria-sort=descending] button::after { content: " ↓"; }
.hide { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--rule); font-size: .88rem; }
@media (max-width: 40rem) { body { padding: 1.5rem 1rem 3rem; } h1 { font-size: 1.5rem; } td.b { width: 24%; } }
@media print {
  :root { --paper: #fff; --ink: #000; --soft: #444; --rule: #ccc; --rail: #eee; --shade: #fff; --plain: #3d5f94; --fail: #a63a34; --unsure: #69508c; --warn: #8a5d0a; --ok: #2f6d4a; }
  body { padding: 0; max-width: none; font-size: 10.5pt; }
  nav, .tools { display: none; }
  h2 { break-after: avoid; } tr, svg, .tiles { break-inside: avoid; } thead { display: table-header-group; }
  * { print-color-adjust: exact; }
}
)css";

// An enhancement: without it the table stands in its order, and whole.
constexpr std::string_view k_script = R"js(
(function () {
  "use strict";
  var table = document.querySelector("table.targets");
  if (!table) { return; }
  var body = table.tBodies[0];
  var rows = Array.prototype.slice.call(body.rows);
  var tools = document.createElement("div");
  tools.className = "tools";
  function labelled(text, control) {
    var label = document.createElement("label");
    label.append(text, control);
    tools.append(label);
    return control;
  }
  var text = labelled("Filter", document.createElement("input"));
  text.type = "search";
  var status = labelled("Status", document.createElement("select"));
  ["all", "fail", "unsure", "warn", "ok"].forEach(function (word) {
    status.append(new Option(word, word === "all" ? "" : word));
  });
  var count = document.createElement("span");
  count.setAttribute("role", "status");
  tools.append(count);
  function filter() {
    var wanted = text.value.toLowerCase();
    var shown = 0;
    rows.forEach(function (row) {
      var fits = (!status.value || row.dataset.status === status.value) &&
        row.textContent.toLowerCase().indexOf(wanted) >= 0;
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    count.textContent = shown + " of " + rows.length;
  }
  text.addEventListener("input", filter);
  status.addEventListener("change", filter);
  var ranks = { fail: "0", unsure: "1", warn: "2", ok: "3" };
  function key(row, column) {
    return column === 1 ? ranks[row.dataset.status] || "4" : row.cells[column].textContent.toLowerCase();
  }
  Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, column) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.append(button);
    button.addEventListener("click", function () {
      var down = head.getAttribute("aria-sort") === "ascending";
      Array.prototype.forEach.call(table.tHead.rows[0].cells, function (other) { other.removeAttribute("aria-sort"); });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      rows.sort(function (a, b) {
        var x = key(a, column), y = key(b, column);
        return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1);
      });
      body.append.apply(body, rows);
    });
  });
  table.parentNode.before(tools);
  filter();
  function open() {
    var there = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (there && there.tagName === "DETAILS") { there.open = true; }
  }
  addEventListener("hashchange", open);
  open();
})();
)js";

std::string base64(std::string_view bytes) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t three = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            const auto byte = i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U;
            three = three << 8U | byte;
        }
        for (std::size_t j = 0; j < 4; ++j) {
            const bool filled = i + j <= bytes.size();
            text += filled ? letters[three >> (18U - 6U * j) & 0x3FU] : '=';
        }
    }
    return text;
}

std::string digest_of(std::string_view text) {
    const auto digest = sha256(text);
    return base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

} // namespace

std::string_view html_style() {
    return k_style;
}

std::string_view html_script() {
    return k_script;
}

std::string html_policy() {
    return fmt::format(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; "
        "form-action 'none'",
        digest_of(k_style), digest_of(k_script)
    );
}

} // namespace tlsdoctor::report
