import assert from "node:assert/strict";
import manifest from "../../package.json" with { type: "json" };
import { images, withoutDigest } from "../../release/images.ts";
import { lineOf } from "../../sandbox/settings.ts";
import semver from "semver";
import { kubernetesProviderVersion, programNamed, type ProgramName } from "../../tools/programs.ts";
import { textOf } from "./blocks.ts";

/** Versions by program; a row without a name goes on with the one above. */
const table = new Map<string, string[]>();
let named = "";
for (const [, program, version] of textOf("docs/versions.md").matchAll(/^\| ([^|]*) \| ([^|]*) \|/gm)) {
  named = program!.trim() || named;
  table.set(named, [...(table.get(named) ?? []), version!.trim()]);
}

const built = (name: ProgramName) => programNamed(name).version.replace(/^v/, "");
const pinnedBy = (file: string, pattern: RegExp) => pattern.exec(textOf(file))![1]!;
const tag = (image: string) => withoutDigest(image).split(":").at(-1)!;
const { dependencies, engines } = manifest;

describe("the table of versions", () => {
  for (const [program, version] of [
    ["Kubernetes", built("kube-apiserver")],
    ["Tempo, line 3.0", tag(images["3.0"])],
    ["Tempo, line 2.10", tag(images["2.10"])],
    ["Tempo, line 2.10", built("tempo")],
    ["checkov", pinnedBy("tools/checkov/requirements.in", /^checkov==(.+)$/m)],
    ["kube-score", built("kube-score")],
    ["kubeconform", built("kubeconform")],
    ["Pulumi CLI", built("pulumi")],
    ["Pulumi SDK", dependencies["@pulumi/pulumi"]],
    ["Kubernetes provider", kubernetesProviderVersion],
    ["Kubernetes provider", dependencies["@pulumi/kubernetes"]],
    ["Grafana provider", dependencies["@pulumiverse/grafana"]],
    ["LiteLLM", pinnedBy("tools/litellm/requirements.in", /^litellm\[proxy\]==(.+)$/m)],
    ["Open WebUI", pinnedBy("tools/open-webui/requirements.in", /^open-webui==(.+)$/m)],
    ["Node", pinnedBy("tools/node", /^ *Linux-x86_64\).* version=(\S+)/m)],
    ["OpenObserve's plugin", pinnedBy("README.md", /- openobserve@([\d.]+)@/)],
  ] as const) {
    it(`has ${program} as this project has it: ${version}`, () => {
      assert.ok(table.get(program)!.includes(version), table.get(program)!.join());
    });
  }

  it("has the line of Tempo that CI runs, which builds its Tempo", () => {
    const line = lineOf(semver.coerce(built("tempo"))!);
    assert.ok(textOf("docs/versions.md").includes(`CI runs line ${line}.`));
    assert.doesNotMatch(textOf(".github/workflows/ci.yml"), /TEMPO_BIN/);
  });

  it("has the oldest Node that the package takes", () => {
    assert.ok(textOf("docs/versions.md").includes(engines.node.replace(">=", "; ")));
  });
});
