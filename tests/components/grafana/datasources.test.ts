import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as grafana from "@pulumiverse/grafana";
import { Datasources } from "../../../components/grafana/datasources.ts";
import { datasources } from "../../../assembly/wiring.ts";
import { parseSettings } from "../../../settings.ts";
import { construct } from "../../program/run.ts";

const settings = parseSettings({ environment: "dev", openobserve: { user: "reader" } });

describe("data sources through the API", () => {
  it("keep what is in secureJsonData secret, and show the rest in a preview", async () => {
    const registrations = await construct(
      () =>
        new Datasources("datasources", {
          datasources: datasources(settings, "password"),
          namespace: "monitoring",
          api: new grafana.Provider("grafana", { url: "https://grafana" }),
        }),
    );
    const found = registrations.filter(({ type }) => type === "grafana:oss/dataSource:DataSource");
    assert.equal(found.length, 3);
    for (const { inputs } of found) {
      const secret = Object.keys(inputs).filter((key) => pulumi.runtime.isRpcSecret(inputs[key]));
      assert.deepEqual(secret, ["secureJsonDataEncoded"]);
    }
  });
});
