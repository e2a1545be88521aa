import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { marker } from "../../cli/diff/markdown.ts";
import { travelOrder } from "../../cli/diff/snapshots.ts";
import { environments, projectFolder, readStackFile } from "../../engine/stack-files.ts";
import { programNamed } from "../../tools/programs.ts";
import {
  actionsIn,
  problems,
  texts,
  unpinned,
  workflows,
  type Job,
  type Step,
  type Workflow,
} from "./workflows.ts";

const jobs = (name: string): [name: string, job: Job][] => Object.entries(workflows.get(name)!.jobs);
const allJobs = [...workflows.keys()].flatMap(jobs);
const steps = allJobs.flatMap(([, job]) => job.steps ?? []);

/** The jobs that call a workflow of ours, each with the workflow that it is in. */
const callersOf = (name: string) =>
  [...workflows].flatMap(([within, workflow]) =>
    Object.entries(workflow.jobs)
      .filter(([, job]) => job.uses === `./.github/workflows/${name}.yml`)
      .map(([id, job]) => ({ within, id, job })),
  );

/** Environments in the order in which a change travels. */
const order = travelOrder(environments(), {
  settings: new Map(environments().map((name) => [name, readStackFile(name)])),
});

describe("the workflows", () => {
  for (const [name, workflow] of workflows) {
    it(`give ${name} no more than it needs, and nothing to forks`, () => {
      assert.deepEqual(problems(workflow), []);
    });
  }

  for (const [path, text] of texts) {
    it(`pin the actions of ${path}`, () => assert.deepEqual(unpinned(text), []));
  }

  it("use an action at one commit", () => {
    const actions = [...new Set([...texts.values()].flatMap(actionsIn))];
    assert.deepEqual(actions.length, new Set(actions.map((action) => action.split("@")[0])).size);
  });

  it("run only scripts, targets and local actions that there are", () => {
    const makefile = readFileSync(join(projectFolder, "Makefile"), "utf8");
    for (const { run, uses } of [...steps, ...allJobs.map(([, { uses }]): Step => ({ uses }))]) {
      const script = /npm run (?:--silent )?([\w:]+)/.exec(run ?? "")?.[1];
      const target = /^make (\w+)/.exec(run ?? "")?.[1];
      if (script) assert.ok(script in manifest.scripts, script);
      if (target) assert.match(makefile, new RegExp(`^${target}:`, "m"));
      if (uses?.startsWith("./"))
        assert.ok(existsSync(join(projectFolder, uses.endsWith(".yml") ? uses : `${uses}/action.yml`)), uses);
    }
  });

  it("find the comment by the mark that diff gives it", () => {
    const write = jobs("preview").flatMap(([, { steps = [] }]) =>
      steps.filter(({ run }) => run?.includes("gh api")),
    );
    assert.equal(write.length, 1);
    assert.ok(write[0]!.run!.includes(`startswith("${marker}")`));
  });

  it("deploy one environment after the other, the last one behind its protection", () => {
    const deploy = jobs("deploy").map(([name, { needs, with: inputs }]) => ({ name, needs, ...inputs }));
    assert.deepEqual(
      deploy,
      order.map((stack, at) => ({
        name: stack,
        needs: order[at - 1],
        command: "up --yes",
        stack,
        environment: ["dev", "staging", "production"][at],
      })),
    );
  });

  it("deploy what passed, of main, and once at a time", () => {
    assert.deepEqual(
      callersOf("pulumi").flatMap(({ within, job }) => (job.with!.command!.startsWith("up") ? [within] : [])),
      order.map(() => "deploy"),
    );
    assert.deepEqual(Object.keys(workflows.get("deploy")!.on), ["workflow_call"]);
    const callers = callersOf("deploy");
    assert.equal(callers.length, 1);
    for (const { within, id, job } of callers) {
      const others = Object.keys(workflows.get(within)!.jobs).filter((name) => name !== id);
      assert.deepEqual(job.needs, others);
      assert.equal(job.if, "github.ref == 'refs/heads/main'");
      assert.deepEqual(job.concurrency, { group: "deploy", "cancel-in-progress": false });
    }
  });

  it("preview and watch every environment, with other secrets than those that deploy", () => {
    const deploying = jobs("deploy").map(([, job]) => job.with!.environment);
    for (const [name, job] of [["preview", "pulumi"] as const, ["drift", "drift"] as const]) {
      const { strategy, with: inputs } = workflows.get(name)!.jobs[job]!;
      assert.deepEqual(strategy!.matrix.stack, order);
      assert.equal(inputs!.stack, "${{ matrix.stack }}");
      for (const stack of order)
        assert.ok(!deploying.includes(inputs!.environment!.replace("${{ matrix.stack }}", stack)));
    }
  });

  it("use the engine that the tests use", () => {
    const versions = steps.flatMap(({ uses, with: inputs }) =>
      uses?.startsWith("pulumi/actions@") ? [inputs!["pulumi-version"]] : [],
    );
    assert.deepEqual(versions, [programNamed("pulumi").version.slice(1)]);
  });
});

describe("what is wrong with a workflow", () => {
  const job: Job = { "timeout-minutes": 5, permissions: { contents: "read" }, steps: [] };
  const right: Workflow = { on: { pull_request: null }, permissions: {}, jobs: { a: job } };
  const own = "github.event.pull_request.head.repo.full_name == github.repository";
  const backend = "vars.PULUMI_BACKEND_URL != ''";
  const secret = { run: "true", env: { KEY: "${{ secrets.KEY }}" } };
  const environment = "dev";
  const call: Job = { permissions: {}, uses: "./.github/workflows/pulumi.yml", secrets: "inherit" };
  const checkout = { uses: "actions/checkout@v6", with: { "persist-credentials": false } };
  const withJob = (more: Partial<Job>): Workflow => ({ ...right, jobs: { a: { ...job, ...more } } });
  const calling = (more: Partial<Job>): Workflow => ({ ...right, jobs: { a: { ...call, ...more } } });

  const cases: readonly [what: string, workflow: Workflow, ...wanted: string[]][] = [
    ["nothing", right],
    [
      "a trigger that hands secrets to forks",
      { ...right, on: { pull_request_target: null } },
      "runs on pull_request_target, with secrets for forks",
    ],
    ["no permissions said", { ...right, permissions: undefined }, "gives permissions to every job"],
    [
      "permissions for all",
      { ...right, permissions: { contents: "read" } },
      "gives permissions to every job",
    ],
    ["a job that says none", withJob({ permissions: undefined }), "a does not say what it may"],
    [
      "a secret for forks",
      withJob({ if: backend, environment, steps: [secret] }),
      "a has secrets in pull requests from forks",
    ],
    [
      "a secret for forks or others",
      withJob({ if: `${backend} && ${own} || true`, environment, steps: [secret] }),
      "a has secrets in pull requests from forks",
      "a needs no backend to have secrets",
    ],
    [
      "a secret without a backend",
      withJob({ if: own, environment, steps: [secret] }),
      "a needs no backend to have secrets",
    ],
    [
      "a secret of the whole repository",
      withJob({ if: `${backend} && ${own}`, steps: [secret] }),
      "a has secrets of no environment",
    ],
    ["a secret for our own", withJob({ if: `${backend} && ${own}`, environment, steps: [secret] })],
    [
      "a secret for another's action",
      withJob({
        if: `${backend} && ${own}`,
        environment,
        steps: [{ uses: "pulumi/actions@v7", env: secret.env }],
      }),
      "a gives secrets to pulumi/actions@v7",
    ],
    ["secrets handed on for forks", calling({}), "a has secrets in pull requests from forks"],
    ["secrets handed on for our own", calling({ if: own })],
    ["secrets handed on for main", calling({ if: "github.ref == 'refs/heads/main'" })],
    [
      "secrets handed to another",
      calling({ if: own, uses: "other/shared/.github/workflows/a.yml@v1" }),
      "a gives secrets to another's workflow",
    ],
    [
      "a job that writes for forks",
      withJob({ permissions: { issues: "write" } }),
      "a writes in pull requests from forks",
    ],
    [
      "a job that writes and runs the branch",
      withJob({ if: own, permissions: { issues: "write" }, steps: [checkout] }),
      "a writes, and runs what it is given",
    ],
    [
      "a call that writes and runs the branch",
      calling({ if: own, permissions: { issues: "write" } }),
      "a writes, and runs what it is given",
    ],
    ["a job that writes only", withJob({ if: own, permissions: { issues: "write" } })],
    ["a job without an end", withJob({ "timeout-minutes": undefined }), "a may run for ever"],
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

  it("is seen: an action that may become another", () => {
    const commit = "a".repeat(40);
    const uses = (action: string) => `    steps:\n      - uses: ${action}\n`;
    for (const action of ["actions/cache@main", "actions/cache@v5.0.5 # v5.0.5", `actions/cache@${commit}`])
      assert.deepEqual(unpinned(uses(action)), [action]);
    for (const action of [`actions/cache@${commit} # v5.0.5`, "./.github/actions/prepare"])
      assert.deepEqual(unpinned(uses(action)), []);
  });
});
