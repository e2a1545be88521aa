import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { environments, projectFolder } from "../../engine/stack-files.ts";
import { run, type KubernetesObject } from "../program/run.ts";

const folder = join(projectFolder, "rendered");

/** Files of an environment as they are committed. */
const committed = (environment: string): ReadonlyMap<string, string> => {
  const place = join(folder, environment);
  const files = existsSync(place) ? readdirSync(place) : [];
  return new Map(files.map((file) => [file, readFileSync(join(place, file), "utf8")]));
};

/** What differs between the files that are there and those that should be, file by file. */
function differences(there: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, string>): string[] {
  return [...new Set([...there.keys(), ...wanted.keys()])].sort().flatMap((file) => {
    if (!wanted.has(file)) return [`${file} is left over`];
    if (!there.has(file)) return [`${file} is missing`];
    return there.get(file) === wanted.get(file) ? [] : [`${file} differs`];
  });
}

describe("rendered/", () => {
  for (const environment of environments()) {
    it(`has exactly the objects that the program makes of ${environment}`, async () => {
      const { objects } = await run(environment);
      const wanted = new Map(objects.map(({ file, yaml }) => [file, yaml]));
      const stale = differences(committed(environment), wanted);
      assert.deepEqual(stale, [], `rendered/${environment} is stale, run make render: ${stale.join(", ")}`);
    });

    it(`has one object in each file of ${environment}, read back as the program made it`, async () => {
      // Names that YAML 1.1, which kubectl reads, takes for truth values and numbers.
      const { objects, kubernetes } = await run(environment, {
        grafana: { folder: "On", podLabels: { app: "off", release: "1_0" } },
      });
      assert.equal(new Set(objects.map(({ file }) => file)).size, kubernetes.length);
      const byName = (a: KubernetesObject, b: KubernetesObject) =>
        `${a.kind}/${a.metadata.name}` < `${b.kind}/${b.metadata.name}` ? -1 : 1;
      assert.deepEqual(
        objects.map(({ yaml }) => parse(yaml, { version: "1.1" }) as KubernetesObject).toSorted(byName),
        kubernetes.toSorted(byName),
      );
    });
  }

  for (const environment of environments()) {
    it(`has the rules of ${environment} beside its objects, those of its PrometheusRule`, async () => {
      const { rules, kubernetes } = await run(environment);
      const there = readFileSync(join(folder, `${environment}.rules.yaml`), "utf8");
      assert.equal(there, rules, `rendered/${environment}.rules.yaml is stale, run make render`);
      const object = kubernetes.find(({ kind }) => kind === "PrometheusRule")!;
      assert.deepEqual(parse(there), object.spec);
    });
  }

  it("has the rules also where no PrometheusRule is wanted", async () => {
    const { rules, kubernetes } = await run("dev", { alerts: { rules: "none" } });
    assert.equal(
      kubernetes.find(({ kind }) => kind === "PrometheusRule"),
      undefined,
    );
    assert.equal(rules, (await run("dev")).rules);
  });

  it("has a folder and a file of rules for each environment and nothing else", () => {
    assert.deepEqual(
      readdirSync(folder).toSorted(),
      environments().flatMap((environment) => [environment, `${environment}.rules.yaml`]),
    );
  });

  it("is applied in the order of its names: each object after what it needs", async () => {
    const kinds = (await run()).objects.map(({ kind }) => kind);
    const place = (kind: string) => kinds.indexOf(kind);
    assert.equal(place("Namespace"), 0);
    for (const needed of ["ServiceAccount", "NetworkPolicy", "ConfigMap", "PersistentVolumeClaim"]) {
      assert.ok(place(needed) < place("StatefulSet"), needed);
    }
  });
});
