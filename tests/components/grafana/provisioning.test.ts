import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import type { Datasource } from "../../../components/grafana/datasource.ts";
import { escapeVariables, provisioningYaml } from "../../../components/grafana/provisioning.ts";
import { withPasswords } from "../../../components/grafana/datasources.ts";
import { parseSettings } from "../../../settings.ts";
import { datasourceList } from "./datasource-list.ts";
import { expand, type GrafanaHost } from "./expansion.ts";

const host: GrafanaHost = {
  env: {
    OPENOBSERVE_USER: "reader@example.org",
    OPENOBSERVE_PASSWORD: "pa$$word$HOME{}",
    O2_USER: "other",
    O2_PASSWORD: "secret",
  },
};

interface Provisioned {
  readonly apiVersion: number;
  readonly datasources: readonly Readonly<Record<string, unknown>>[];
}

/** As Grafana reads the file: its YAML is that of version 1.1, where `yes` and `on` are truth values. */
const read = (text: string, at: GrafanaHost = host): Provisioned =>
  expand(parse(text, { version: "1.1" }), at) as Provisioned;

const datasources = (sections: Record<string, unknown> = {}, openobserve?: string): Datasource[] =>
  Object.values(
    withPasswords(datasourceList(parseSettings({ environment: "dev", ...sections })), { openobserve }),
  );

/** A data source as it should be in Grafana. */
const intended = (source: Datasource, at: GrafanaHost) => {
  const filled = (value: unknown) =>
    typeof value === "object" && value !== null ? at.env[(value as { env: string }).env] : value;
  const { basicAuthUser, secureJsonData, ...rest } = source;
  return {
    ...rest,
    access: "proxy",
    isDefault: false,
    editable: false,
    ...(basicAuthUser && { basicAuthUser: filled(basicAuthUser) }),
    ...(secureJsonData && {
      secureJsonData: Object.fromEntries(
        Object.entries(secureJsonData).map(([key, value]) => [key, filled(value)]),
      ),
    }),
  };
};

const variants: readonly (readonly [string, Record<string, unknown>, string?])[] = [
  ["by default", {}],
  ["with a password kept in the stack", {}, "p$a${b}$$c"],
  ["with a user of the settings", { openobserve: { user: "$reader" } }],
  [
    "with names of its own for the variables",
    { openobserve: { passwordEnv: "O2_PASSWORD", userEnv: "O2_USER" } },
  ],
  ["with Grafana below a path", { grafana: { url: "https://example.org/grafana/" } }],
  [
    "with values that old YAML takes for something else",
    {
      openobserve: { organization: "no", stream: "1_000", user: "on" },
      grafana: { datasources: { tempo: { name: "yes", uid: "off" }, prometheus: { uid: "0b1" } } },
    },
  ],
  [
    "with `$` in every text that can have one",
    {
      openobserve: { url: "http://o2/$a" },
      grafana: { datasources: { tempo: { name: "${Tempo}" } } },
      prometheus: { url: "http://prom/$__env{HOME}" },
    },
  ],
];

describe("the data sources' provisioning file, read by Grafana,", () => {
  for (const [variant, sections, password] of variants) {
    it(`is what was intended ${variant}`, () => {
      const list = datasources(sections, password);
      const { apiVersion, datasources: found } = read(provisioningYaml(list));
      assert.equal(apiVersion, 1);
      assert.deepEqual(found, JSON.parse(JSON.stringify(list.map((source) => intended(source, host)))));
    });
  }

  it("takes a password from the environment whole, whatever is in it", () => {
    fc.assert(
      fc.property(fc.string(), (password) => {
        const at = { env: { OPENOBSERVE_PASSWORD: password } };
        const found = read(provisioningYaml(datasources()), at).datasources[2]!;
        assert.deepEqual(found["secureJsonData"], { basicAuthPassword: password });
      }),
      { numRuns: 50 },
    );
  });

  it("takes a password of the stack whole, whatever is in it", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: fc.constantFrom(..."$${}'\"\\:#- ayes01n\n") }),
        (password) => {
          const found = read(provisioningYaml(datasources({}, password))).datasources[2]!;
          assert.deepEqual(found["secureJsonData"], { basicAuthPassword: password });
        },
      ),
      { numRuns: 200, examples: [[" \n"]] },
    );
  });

  it("is never the default data source and always there for all three", () => {
    const { datasources: found } = read(provisioningYaml(datasources()));
    assert.deepEqual(
      found.map(({ type, isDefault }) => [type, isDefault]),
      [
        ["tempo", false],
        ["prometheus", false],
        ["openobserve", false],
      ],
    );
  });
});

describe("escaping `$`", () => {
  it("is undone by Grafana in every text of any value", () => {
    const text = fc.string({ unit: fc.constantFrom(..."$${}_aA1- ") });
    const value = fc.letrec((tie) => ({
      value: fc.oneof(text, fc.integer(), fc.boolean(), fc.array(tie("value"), { maxLength: 3 }), tie("map")),
      map: fc.dictionary(fc.constantFrom("a", "b", "query"), tie("value"), { maxKeys: 3 }),
    })).value;
    fc.assert(
      fc.property(value, (json) => {
        assert.deepEqual(expand(escapeVariables(json), host), JSON.parse(JSON.stringify(json)));
      }),
    );
  });
});
