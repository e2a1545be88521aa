import assert from "node:assert/strict";
import { judge } from "../../cli/vulnerabilities/judge.ts";

describe("vulnerabilities", () => {
  const report = (vulnerabilities: object) => JSON.stringify({ auditReportVersion: 2, vulnerabilities });

  it("are none when the registry knows of none", () => {
    assert.deepEqual(judge(report({})), { found: [] });
  });

  it("are told by package, with what is known", () => {
    const advisory = { title: "Reads what it must not", url: "https://advisories.example/1" };
    const { found } = judge(
      report({
        below: { name: "below", severity: "high", range: "<2.0.1", via: [advisory] },
        above: { name: "above", severity: "high", range: "*", via: ["below"] },
      }),
    );
    assert.deepEqual(found, [
      "below <2.0.1 (high): Reads what it must not https://advisories.example/1",
      "above * (high): by below",
    ]);
  });

  for (const message of [
    "405 Method Not Allowed - POST https://registry.example/",
    "getaddrinfo ENOTFOUND",
  ]) {
    it(`are unknown, which is no failure, when the registry does not tell: ${message}`, () => {
      const output = JSON.stringify({ message, error: { summary: "", detail: "" } });
      assert.deepEqual(judge(output), { unanswered: message, found: [] });
    });
  }

  for (const [what, output, words] of [
    [
      "npm has no lock file",
      '{"error":{"code":"ENOLOCK","summary":"No lockfile."}}',
      /failed: No lockfile\./,
    ],
    ["npm prints something else", "Segmentation fault", /failed: Segmentation fault/],
    ["npm prints nothing", "", /npm audit failed/],
  ] as const) {
    it(`are no matter for silence when ${what}`, () => assert.throws(() => judge(output), words));
  }
});
