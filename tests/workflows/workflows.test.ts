import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { marker } from "../../cli/diff/markdown.ts";
import { travelOrder } from "../../cli/diff/order.ts";
import { environments, projectFolder, readStackFile } from "../../engine/stack-files.ts";
import { programNamed } from "../../tools/programs.ts";
import { problems, workflows, type Job, type Workflow } from "./workflows.ts";

const jobs = (name: string): [name: string, job: Job][] => Object.entries(workflows.get(name)!.jobs);
const steps = [...workflows.values()].flatMap((workflow) =>
  Object.values(workflow.jobs).flatMap((job) => job.steps),
);

/** Environments in the order in which a change travels. */
const order = travelOrder(environments(), {
  settings: new Map(environments().map((name) => [name, { config: readStackFile(name) }])),
});

describe("the workflows", () => {
  it("are ci, preview, deploy and drift", () => {
    assert.deepEqual([...workflows.keys()].sort(), ["ci", "deploy", "drift", "preview"]);
  });

  for (const [name, workflow] of workflows) {
    it(`give ${name} no more than it needs, and nothing to forks`, () => {
      assert.deepEqual(problems(workflow), []);
    });
  }

  it("run only scripts, targets and local actions that there are", () => {
    const makefile = readFileSync(join(projectFolder, "Makefile"), "utf8");
    for (const { run, uses } of steps) {
      const script = /npm run (?:--silent )?([\w:]+)/.exec(run ?? "")?.[1];
      const target = /^make (\w+)/.exec(run ?? "")?.[1];
      if (script) assert.ok(script in manifest.scripts, script);
      if (target) assert.match(makefile, new RegExp(`^${target}:`, "m"));
      if (uses?.startsWith("./")) assert.ok(existsSync(join(projectFolder, uses, "action.yml")), uses);
    }
  });

  it("find the comment by the mark that diff gives it", () => {
    const write = jobs("preview").flatMap(([, { steps }]) =>
      steps.filter(({ run }) => run?.includes("gh api")),
    );
    assert.equal(write.length, 1);
    assert.ok(write[0]!.run!.includes(`startswith("${marker}")`));
  });

  it("write the comment in a job that runs nothing of the pull request", () => {
    const { comment } = workflows.get("preview")!.jobs;
    assert.deepEqual(comment!.permissions, { "pull-requests": "write" });
    assert.ok(
      !comment!.steps.some(({ uses }) => uses?.startsWith("actions/checkout@") || uses?.startsWith("./")),
    );
  });

  it("deploy one environment after the other, the last one behind its protection", () => {
    const deploy = jobs("deploy");
    assert.deepEqual(
      deploy.map(([name]) => name),
      order,
    );
    assert.deepEqual(
      deploy.map(([, { needs }]) => needs),
      [undefined, ...order.slice(0, -1)],
    );
    assert.deepEqual(
      deploy.map(([, { environment }]) => environment),
      ["dev", "staging", "production"],
    );
    assert.deepEqual(
      deploy.map(([, { steps }]) => steps.at(-1)!.with!["stack-name"]),
      order,
    );
    assert.equal(workflows.get("deploy")!.concurrency?.["cancel-in-progress"], false);
  });

  it("preview and watch every environment", () => {
    for (const [name, job] of [["preview", "pulumi"] as const, ["drift", "drift"] as const]) {
      assert.deepEqual(workflows.get(name)!.jobs[job]!.strategy!.matrix.stack, order);
    }
  });

  it("use the engine that the tests use", () => {
    const versions = steps.flatMap(({ uses, with: inputs }) =>
      uses?.startsWith("pulumi/actions@") ? [inputs!["pulumi-version"]] : [],
    );
    assert.equal(versions.length, 5);
    assert.deepEqual([...new Set(versions)], [programNamed("pulumi").version.slice(1)]);
  });
});

describe("what is wrong with a workflow", () => {
  const job: Job = { "timeout-minutes": 5, steps: [] };
  const right: Workflow = { on: { pull_request: null }, permissions: { contents: "read" }, jobs: { a: job } };
  const own = "github.event.pull_request.head.repo.full_name == github.repository";
  const backend = "vars.PULUMI_BACKEND_URL != ''";
  const secret = { run: "true", env: { KEY: "${{ secrets.KEY }}" } };
  const withJob = (more: Partial<Job>): Workflow => ({ ...right, jobs: { a: { ...job, ...more } } });

  const cases: readonly [what: string, workflow: Workflow, ...wanted: string[]][] = [
    ["nothing", right],
    [
      "a trigger that hands secrets to forks",
      { ...right, on: { pull_request_target: null } },
      "runs on pull_request_target, with secrets for forks",
    ],
    ["no permissions said", { ...right, permissions: undefined }, "has other permissions than to read"],
    [
      "all permissions",
      { ...right, permissions: { contents: "write" } },
      "has other permissions than to read",
    ],
    [
      "a secret for forks",
      withJob({ if: backend, steps: [secret] }),
      "a has secrets in pull requests from forks",
    ],
    [
      "a secret for forks or others",
      withJob({ if: `${backend} && ${own} || true`, steps: [secret] }),
      "a has secrets in pull requests from forks",
      "a needs no backend to have secrets",
    ],
    [
      "a secret without a backend",
      withJob({ if: own, steps: [secret] }),
      "a needs no backend to have secrets",
    ],
    ["a secret for our own", withJob({ if: `${backend} && ${own}`, steps: [secret] })],
    [
      "a job that writes for forks",
      withJob({ permissions: { issues: "write" } }),
      "a writes in pull requests from forks",
    ],
    ["a job without an end", withJob({ "timeout-minutes": undefined }), "a may run for ever"],
    [
      "an action of any version",
      withJob({ steps: [{ uses: "actions/cache@main" }] }),
      "a uses actions/cache@main, which is not pinned",
    ],
    ["an action by its digest", withJob({ steps: [{ uses: `actions/cache@${"a".repeat(40)}` }] })],
    [
      "a token in the checkout",
      withJob({ steps: [{ uses: "actions/checkout@v6" }] }),
      "a leaves its token in the checkout",
    ],
    [
      "a title in a script",
      withJob({ steps: [{ run: "echo ${{ github.event.pull_request.title }}" }] }),
      "a has an expression in a script",
    ],
  ];
  for (const [what, workflow, ...wanted] of cases) {
    it(`is seen: ${what}`, () => assert.deepEqual(problems(workflow), wanted));
  }
});
