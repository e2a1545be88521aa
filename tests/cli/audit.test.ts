import assert from "node:assert/strict";
import { audit } from "../../cli/audit/audit.ts";
import type { Exception } from "../../cli/audit/exceptions.ts";
import type { Finding, Judge } from "../../cli/audit/judge.ts";

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
