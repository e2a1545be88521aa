import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { audit } from "../../cli/audit/audit.ts";
import { renderDistributed } from "../../cli/audit/distributed.ts";
import type { Exception } from "../../cli/audit/exceptions.ts";
import { readManifests, type Finding, type Judge, type Manifest } from "../../cli/audit/judge.ts";
import { policies } from "../../cli/audit/policies.ts";
import { environmentSettings } from "../../engine/environment-settings.ts";
import { environments, projectFolder } from "../../engine/stack-files.ts";

describe("an audit", () => {
  const finding = (rule: string, object = "Service a/b"): Finding => ({
    judge: "strict",
    rule,
    object,
    words: "it is wrong",
  });
  const excepting = (rule: string, object = "Service a/b"): Exception => ({
    judge: "strict",
    rule,
    object,
    reason: "it is right here",
  });
  const auditOf = (findings: readonly Finding[], ...exceptions: readonly Exception[]) => {
    const strict: Judge = { name: "strict", judge: () => Promise.resolve({ judged: 7, findings }) };
    const environments = ["dev", "prod"].map((name) => [name, { manifests: [], judges: [strict] }] as const);
    return audit(new Map(environments), exceptions);
  };

  it("counts, for each environment and judge, what was judged, found and excepted", async () => {
    const { table } = await auditOf([finding("one"), finding("two")], excepting("two"));
    assert.deepEqual(table, [
      "  environment  judge   objects  findings  excepted",
      "  dev          strict  7        1         1",
      "  prod         strict  7        1         1",
    ]);
  });

  it("tells what is not excepted", async () => {
    const { problems } = await auditOf([finding("one"), finding("two")], excepting("two"));
    assert.deepEqual(problems, [
      "dev: strict: one: Service a/b: it is wrong",
      "prod: strict: one: Service a/b: it is wrong",
    ]);
  });

  it("takes an exception for one object and one rule alone", async () => {
    const { problems } = await auditOf([finding("one", "Service a/c")], excepting("one"));
    assert.equal(problems.length, 3);
  });

  it("tells of an exception that nothing needs", async () => {
    const { problems } = await auditOf([], excepting("one"));
    assert.deepEqual(problems, ["strict: one: Service a/b: no environment needs its exception"]);
  });
});

describe("the policies as a judge of files", () => {
  const renderedFor = (environment: string) =>
    readManifests(path.join(projectFolder, "rendered", environment));
  const judged = (environment: string, manifests: readonly Manifest[]) =>
    policies(environmentSettings(environment), new Date()).judge(manifests);

  for (const environment of environments()) {
    it(`look at every object of ${environment}, and find nothing`, async () => {
      const manifests = renderedFor(environment);
      assert.deepEqual(await judged(environment, manifests), { judged: manifests.length, findings: [] });
    });
  }

  it("look at every object of a distributed Tempo, and find nothing", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "llm-tracing-audit-"));
    try {
      const { settings, manifests } = await renderDistributed(path.join(folder, "distributed"));
      const found = await policies(settings, new Date()).judge(manifests);
      assert.deepEqual(found, { judged: manifests.length, findings: [] });
      assert.ok(manifests.some(({ object }) => object.kind === "HorizontalPodAutoscaler"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("find what somebody wrote into a file by hand, and say what to do", async () => {
    const manifests = renderedFor("dev").map(({ file, object }) =>
      object.kind === "ServiceAccount" && object.metadata.name === "tempo"
        ? { file, object: { ...object, automountServiceAccountToken: true } }
        : { file, object },
    );
    const { findings } = await judged("dev", manifests);
    assert.deepEqual(
      findings.map(({ judge, rule, object }) => [judge, rule, object]),
      [["policies", "no-token", "ServiceAccount tracing/tempo"]],
    );
    assert.match(findings[0]!.words, /\. [A-Z].*\.$/);
  });
});
