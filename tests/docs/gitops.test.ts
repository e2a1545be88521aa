import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "../../engine/stack-files.ts";
import { blocksOf, manifestsIn, manifestsOf, textOf } from "./blocks.ts";

const file = "docs/gitops.md";
const prod = join(projectFolder, "rendered/prod");
const rendered = readdirSync(prod).flatMap((name) => manifestsIn(textOf(`rendered/prod/${name}`)));
const namespaces = [...new Set(rendered.flatMap(({ metadata }) => metadata.namespace ?? []))].sort();

const specOf = <T>(wanted: string): T => manifestsOf(file).find(({ kind }) => kind === wanted)!["spec"] as T;

describe("the guide to GitOps", () => {
  it("has an Argo CD Application of what is rendered, applied on the server's side and pruned last", () => {
    const { source, destination, syncPolicy } = specOf<{
      source: { path: string; targetRevision: string };
      destination: { namespace: string };
      syncPolicy: { automated: object; syncOptions: string[] };
    }>("Application");
    assert.equal(join(projectFolder, source.path), prod);
    assert.equal(destination.namespace, rendered.find(({ kind }) => kind === "Namespace")!.metadata.name);
    assert.deepEqual(syncPolicy.automated, { prune: true, selfHeal: true });
    assert.deepEqual(syncPolicy.syncOptions, ["ServerSideApply=true", "PruneLast=true"]);
    assert.equal(source.targetRevision, "prod");
  });

  it("has a Flux Kustomization of what is rendered, that leaves each object its namespace", () => {
    const { path, sourceRef, ...spec } = specOf<{ path: string; sourceRef: object }>("Kustomization");
    assert.equal(join(projectFolder, path), prod);
    const [repository] = manifestsOf(file).filter(({ kind }) => kind === "GitRepository");
    assert.deepEqual(sourceRef, { kind: "GitRepository", name: repository!.metadata.name });
    assert.ok(!("targetNamespace" in spec));
  });

  it("names every namespace that a project has to allow", () => {
    const sentence = /^A project other than .*$/m.exec(textOf(file))![0];
    for (const namespace of namespaces) assert.ok(sentence.includes(`\`${namespace}\``), namespace);
  });

  it("has a command that deletes all but the data", () => {
    const command = blocksOf(textOf(file), "bash").find((block) => block.includes("kubectl delete"))!;
    const list = /kubectl delete \$\((.*)\)$/m.exec(command)![1]!;
    const chosen = execFileSync("sh", ["-c", list], { cwd: prod, encoding: "utf8" }).trim().split("\n");
    const left = readdirSync(prod).filter((name) => !chosen.includes(`-f ${name}`));
    assert.deepEqual(left, ["0-namespace-tracing.yaml", "5-persistentvolumeclaim-tempo-data.yaml"]);
  });
});
