import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as grafana from "@pulumiverse/grafana";
import { Datasources, type DatasourcesArgs } from "../../../components/grafana/datasources.ts";
import { parseSettings } from "../../../settings.ts";
import { construct, type Registration } from "../../program/run.ts";
import { datasourceList } from "./datasource-list.ts";

const list = datasourceList(parseSettings({ environment: "dev", openobserve: { user: "reader" } }));

/** What is registered for data sources, delivered in either way. */
async function deliver(
  args: Pick<DatasourcesArgs, "datasources" | "passwords">,
  throughApi: boolean,
): Promise<readonly Registration[]> {
  const registrations = await construct(() => {
    const api = throughApi ? new grafana.Provider("grafana", { url: "https://grafana" }) : undefined;
    new Datasources("datasources", { ...args, namespace: "monitoring", api });
  });
  return registrations.filter(({ type }) => /^(kubernetes|grafana):/.test(type));
}

describe("data sources", () => {
  it("through the API keep what is in secureJsonData secret, and show the rest in a preview", async () => {
    const found = await deliver({ datasources: list, passwords: { openobserve: "password" } }, true);
    assert.equal(found.length, 3);
    for (const { inputs } of found) {
      const secret = Object.keys(inputs).filter((key) => pulumi.runtime.isRpcSecret(inputs[key]));
      assert.deepEqual(secret, ["secureJsonDataEncoded"]);
    }
  });

  for (const [how, throughApi] of [
    ["for the sidecar", false],
    ["through the API", true],
  ] as const) {
    it(`${how} get the password that they are given, each its own`, async () => {
      const passwords = { openobserve: pulumi.secret("hush"), prometheus: "loud" };
      const found = JSON.stringify(await deliver({ datasources: list, passwords }, throughApi));
      for (const password of ["hush", "loud"]) {
        assert.match(found, new RegExp(String.raw`basicAuthPassword\W+${password}\b`));
      }
      assert.doesNotMatch(found, /OPENOBSERVE_PASSWORD/);
    });

    it(`${how} are refused as a whole when Grafana would not start with them`, async () => {
      const datasources = { ...list, openobserve: { ...list.openobserve, uid: "other" } };
      await assert.rejects(
        deliver({ datasources }, throughApi),
        /Grafana would not start with these data sources/,
      );
    });
  }
});
