import assert from "node:assert/strict";
import { environments } from "../../engine/stack-files.ts";
import { UserError } from "../../errors.ts";
import { checkExceptions, checkPolicies, judge } from "../../policy/check.ts";
import { contextOf } from "../../policy/context.ts";
import { exceptions, type Exception } from "../../policy/exceptions.ts";
import type { KubernetesObject } from "../../policy/rule.ts";
import { lastAppliedOf } from "../../policy/sizes.ts";
import { run, type Run } from "../program/run.ts";
import { changed } from "./objects.ts";

const today = new Date("2026-11-25T23:59:59Z");

const objectsOf = ({ kubernetes }: Run) => kubernetes as unknown as KubernetesObject[];

const refusal = (message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof UserError);
  assert.equal(error.exitCode, 1);
  assert.match(error.message, message);
  return true;
};

describe("a rendering", () => {
  it("is refused with the rule, the object, what was found and what to do", async () => {
    const result = await run();
    const bare = changed(objectsOf(result), "ServiceAccount", (account) => {
      delete account["automountServiceAccountToken"];
    });
    assert.throws(
      () => checkPolicies("dev", bare, contextOf(result.settings), { today }),
      refusal(
        /^dev: 1 finding against the policies:\n {2}- no-token: ServiceAccount tracing\/tempo: automountServiceAccountToken is not false\. Set .*\.\ndocs\/security\.md/,
      ),
    );
  });

  it("is refused for GitOps where a placeholder stands for a secret, and not for Pulumi", async () => {
    const result = await run("dev", { openobservePassword: { secure: "v1:c29tZXRoaW5n" } });
    const check = (forGitOps: boolean) =>
      checkPolicies("dev", objectsOf(result), contextOf(result.settings, { forGitOps }), { today });
    assert.throws(
      () => check(true),
      refusal(/no-placeholder: Secret monitoring\/llm-tracing-datasources: .*\[secret\]/),
    );
    assert.deepEqual(check(false).warnings, []);
  });

  it("passes with a host that a setting names, whatever the setting", async () => {
    const { settings, ...result } = await run("dev", {
      cluster: { name: "K8S.example.org:6443 http://[::1" },
    });
    const { complaints } = judge(objectsOf({ settings, ...result }), contextOf(settings), { today });
    assert.deepEqual(complaints, []);
  });

  it("passes with a warning, which says what to do", async () => {
    const result = await run();
    const large = changed(objectsOf(result), "ConfigMap", (dashboard) => {
      dashboard["data"] = { other: "x".repeat(300_000) };
    });
    const { warnings } = checkPolicies("dev", large, contextOf(result.settings), { today });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /^annotation-size: ConfigMap .*--server-side/);
  });

  it("never has a secret repeated by what is found in it", async () => {
    const result = await run();
    const secret = "hunter2-TOPSECRET";
    const planted = changed(objectsOf(result), "ConfigMap", (map) => {
      const texts = [
        `http://admin:${secret}@a.example.org:99/`,
        `password: ${secret}`,
        `x: Bearer ${secret}`,
      ];
      map["data"] = Object.fromEntries(texts.map((text, index) => [`file-${index}`, text]));
    });
    const { complaints } = judge(planted, contextOf(result.settings), { today });
    assert.ok(complaints.length >= 3);
    assert.ok(!JSON.stringify(complaints).includes(secret));
  });
});

describe("policy/exceptions.ts", () => {
  it("has no exception that is over, unknown or not needed by any environment", async () => {
    const used = new Set<Exception>();
    const grace = { today: new Date() };
    for (const environment of environments()) {
      const result = await run(environment);
      const context = contextOf(result.settings, { forGitOps: true });
      judge(objectsOf(result), context, grace).used.forEach((exception) => used.add(exception));
    }
    checkExceptions(used, grace);
  });

  const good: Exception = {
    rule: "probes",
    object: "StatefulSet a/b",
    reason: "a test",
    until: "2026-11-25",
  };
  const refusals: readonly (readonly [string, Partial<Exception>, RegExp])[] = [
    ["one that nobody needs", {}, /probes of StatefulSet a\/b: no environment needs it; remove it/],
    ["one that is over", { until: "2026-11-24" }, /it ended with 2026-11-24/],
    ["a day that is none", { until: "soon" }, /it ended with soon/],
    ["one of no rule", { rule: "probe" }, /there is no such rule/],
    ["one without a reason", { reason: " " }, /it gives no reason/],
  ];
  for (const [what, change, says] of refusals) {
    it(`may not have ${what}`, () => {
      const exception = { ...good, ...change };
      const used = new Set(what.includes("nobody") ? [] : [exception]);
      assert.throws(() => checkExceptions(used, { exceptions: [exception], today }), refusal(says));
    });
  }

  it("may have one that is needed, on its last day too", () => {
    checkExceptions(new Set([good]), { exceptions: [good], today });
    assert.ok(Array.isArray(exceptions));
  });
});

describe("kubectl's annotation", () => {
  it("is the object as Go writes it: sorted, escaped for HTML, ended by a line break", () => {
    const object = {
      kind: "ConfigMap",
      apiVersion: "v1",
      metadata: { name: "a" },
      data: { b: "<&>\u2028", a: "é" },
    };
    assert.equal(
      lastAppliedOf(object),
      '{"apiVersion":"v1","data":{"a":"é","b":"\\u003c\\u0026\\u003e\\u2028"},"kind":"ConfigMap","metadata":{"annotations":{},"name":"a"}}\n',
    );
  });
});
