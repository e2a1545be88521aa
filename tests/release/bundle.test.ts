import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import manifest from "../../package.json" with { type: "json" };
import { bundleContents, bundleDigest, referenceSections } from "../../release/bundle.ts";
import { environments } from "../../engine/stack-files.ts";
import { images } from "../../components/tempo/statefulset.ts";
import { parseSettings } from "../../settings.ts";
import { run, type KubernetesObject } from "../program/run.ts";

const digestOf = (sections: Record<string, unknown>): string =>
  bundleDigest(parseSettings({ environment: "dev", ...sections }));

const reference = digestOf({});

const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/);
const url = name.map((host) => `https://${host}.example.org`);
const gibibytes = fc.integer({ min: 1, max: 900 }).map((count) => `${count}Gi`);

/** Everything that two environments of one bundle may have different. */
const whereItRuns = fc.record(
  {
    environment: name,
    cluster: fc.record(
      {
        useCurrentContext: fc.constant(true),
        context: name,
        name,
        dnsAddresses: fc.constant(["10.96.0.10/32"]),
      },
      { requiredKeys: ["useCurrentContext"] },
    ),
    namespace: fc.record(
      { name: name.map((own) => `${own}-traces`), create: fc.boolean() },
      { requiredKeys: [] },
    ),
    tempo: fc.record(
      {
        retention: fc.integer({ min: 1, max: 90 }).map((days) => `${days}d`),
        longestAnswer: fc.integer({ min: 1, max: 30 }).map((minutes) => `${minutes}m`),
        maxActiveSeries: fc.integer({ min: 1000, max: 1_000_000 }),
        image: name.map((registry) => `${registry}.example.org:5000/mirror/tempo:3.0.3`),
        volume: fc.record(
          { size: gibibytes, protect: fc.boolean(), storageClass: name },
          { requiredKeys: [] },
        ),
        resources: gibibytes.map((memory) => ({
          requests: { memory: "1Mi" },
          limits: { memory, cpu: "8" },
        })),
        storage: fc.constantFrom(
          { backend: "local" },
          { backend: "s3", bucket: "b", endpoint: "s3.example.org" },
          { backend: "gcs", bucket: "b" },
        ),
        serviceAccountAnnotations: fc.constant({ "eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/tempo" }),
      },
      { requiredKeys: [] },
    ),
    prometheus: fc.record({ url, namespace: name }, { requiredKeys: [] }),
    openobserve: fc.record({ url, organization: name, user: name }, { requiredKeys: [] }),
    grafana: fc.record(
      {
        namespace: name,
        url,
        folder: name,
        datasources: name.map((prefix) => ({
          tempo: { uid: `${prefix}-t`, name: `${prefix} T` },
          prometheus: { uid: `${prefix}-p`, name: `${prefix} P` },
          openobserve: { uid: `${prefix}-o`, name: `${prefix} O` },
        })),
      },
      { requiredKeys: [] },
    ),
    promotion: fc.record({ from: name.map((stack) => `${stack}-1`) }, { requiredKeys: [] }),
    applications: fc.record(
      { namespaces: fc.uniqueArray(name, { minLength: 1, maxLength: 3 }) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["cluster"] },
);

describe("the bundle's digest", () => {
  it("is the same wherever the bundle runs and whatever is set there", () => {
    fc.assert(
      fc.property(whereItRuns, (sections) => {
        assert.equal(digestOf(sections), reference);
      }),
      { numRuns: 50 },
    );
  });

  it("is the same in every committed environment", async () => {
    const digests = new Set<string>();
    for (const environment of environments()) digests.add((await run(environment)).outputs.bundleDigest);
    assert.equal(digests.size, 1);
    assert.match([...digests][0]!, /^[0-9a-f]{16}$/);
  });

  it("is another for another line of Tempo", () => {
    const lines = Object.keys(images).map((line) => digestOf({ tempo: { line } }));
    assert.equal(new Set(lines).size, lines.length);
    assert.ok(lines.includes(reference));
  });

  it("is another for another release of Tempo, whatever registry it is pulled from", () => {
    const release = fc.stringMatching(/^[0-9]\.[0-9]\.[0-9]$/).filter((tag) => tag !== "3.0.3");
    const image = fc.tuple(fc.constantFrom("docker.io/grafana", "localhost:5000"), release);
    fc.assert(
      fc.property(image, ([registry, tag]) => {
        assert.notEqual(digestOf({ tempo: { image: `${registry}/tempo:${tag}` } }), reference);
      }),
      { numRuns: 20 },
    );
  });

  it("is another for an image of another name or pinned by its content", () => {
    const digest = `sha256:${"0".repeat(64)}`;
    for (const image of ["docker.io/grafana/tempo-fork:3.0.3", `docker.io/grafana/tempo@${digest}`]) {
      assert.notEqual(digestOf({ tempo: { image } }), reference, image);
    }
  });

  it("is the hash of those, of the stack's version and of the providers'", () => {
    const settings = parseSettings({ environment: "dev" });
    const contents = bundleContents(settings);
    const hash = (value: object) =>
      createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
    assert.equal(bundleDigest(settings), hash(contents));
    assert.deepEqual(contents.providers, [
      manifest.dependencies["@pulumi/kubernetes"],
      manifest.dependencies["@pulumiverse/grafana"],
    ]);
    assert.equal(contents.stackVersion, manifest.version);
  });

  for (const [index, sections] of referenceSections.entries()) {
    const settings = { environment: "reference", ...sections };

    it(`is made of every object and output that the program has with ${describeSections(sections)}`, async () => {
      const { kubernetes, outputs } = await run("dev", { tempo: {}, ...settings });
      const made = [...kubernetes, outputs.applicationEnv].map(withoutLinks);
      const hashed = (bundleContents(parseSettings(settings)).objects[index] as unknown[]).map(withoutLinks);
      assert.equal(made.length, hashed.length);
      for (const each of made)
        assert.ok(
          hashed.some((other) => isDeepStrictEqual(other, each)),
          nameOf(each),
        );
    });
  }
});

function describeSections(sections: object): string {
  return Object.keys(sections).length === 0 ? "nothing set" : JSON.stringify(sections);
}

const nameOf = (object: unknown): string => JSON.stringify(object).slice(0, 300);

/** An object without its own name and kind; the ConfigMap that Tempo mounts is named by its content. */
function withoutLinks(object: unknown): unknown {
  const { apiVersion, kind, metadata, ...rest } = JSON.parse(
    JSON.stringify(object).replace(/tempo-config-[0-9a-f]{10}/g, "tempo-config"),
  ) as KubernetesObject;
  return { metadata, ...rest };
}
