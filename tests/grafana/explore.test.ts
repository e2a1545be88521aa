import assert from "node:assert/strict";
import fc from "fast-check";
import { exploreUrl } from "../../grafana/explore.ts";

const tempo = { type: "tempo", uid: "${tempo_datasource}" };

const variable = fc.constantFrom(
  "${traceID}",
  "${__from}",
  "${__data.fields.traceID}",
  "${tempo_datasource}",
);
const literal = fc.string({ unit: "binary" }).filter((text) => !text.includes("${") && !text.endsWith("$"));

const panesOf = (url: string): unknown => {
  const panes = /[?&]panes=([^&#]*)$/.exec(url)?.[1];
  return JSON.parse(decodeURIComponent(panes!));
};

describe("a link into Explore", () => {
  it("asks what it was told, of the data source it was told, over the range that is shown", () => {
    const wellFormed = fc.array(fc.oneof(literal, variable)).map((parts) => parts.join(""));
    fc.assert(
      fc.property(
        wellFormed.filter((text) => text.isWellFormed()),
        (query) => {
          assert.deepEqual(panesOf(exploreUrl("/explore", tempo, { queryType: "traceql", query })), {
            a: {
              datasource: tempo.uid,
              queries: [{ refId: "A", datasource: tempo, queryType: "traceql", query }],
              range: { from: "${__from}", to: "${__to}" },
            },
          });
        },
      ),
    );
  });

  it("has Grafana's variables in the clear, for Grafana to fill in", () => {
    fc.assert(
      fc.property(variable, fc.webPath(), (name, path) => {
        const url = exploreUrl("/explore", tempo, { query: `${path} ${name} ${path}` });
        assert.ok(url.includes(name));
        assert.ok(url.includes("${__from}") && url.includes("${__to}"));
        assert.ok(!url.includes("%24%7B"));
      }),
    );
  });

  it("has nothing else that a URL could end at or Grafana could take for a variable", () => {
    const url = exploreUrl("/explore", tempo, { query: `a&b#c d"e'f%g+h/i?$j {k} $` });
    assert.match(url.replaceAll(/\$\{[\w.]+\}/g, ""), /^\/explore\?schemaVersion=1&panes=[\w%.~!*'()-]+$/);
  });

  it("begins with the address it is given", () => {
    const base = "https://example.org/grafana/explore";
    assert.ok(exploreUrl(base, tempo, {}).startsWith(`${base}?schemaVersion=1&`));
  });
});
