import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import manifest from "../../package.json" with { type: "json" };
import { bundleOf, referenceSections, releaseOf } from "../../assembly/bundle.ts";
import { environments } from "../../engine/stack-files.ts";
import { bundleContents, bundleDigest, type Bundle } from "../../release/bundle.ts";
import { parseSettings } from "../../settings.ts";
import { run, type Run } from "../program/run.ts";

const settingsOf = (sections: Record<string, unknown>) => parseSettings({ environment: "dev", ...sections });

const digestOf = (sections: Record<string, unknown>): string => releaseOf(settingsOf(sections)).bundleDigest;

const reference = digestOf({});

const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/);
const url = name.map((host) => `https://${host}.example.org`);
const gibibytes = fc.integer({ min: 5, max: 900 }).map((count) => `${count}Gi`);

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
    images: fc.record(
      {
        mirror: fc.tuple(name, name).map(([host, path]) => `${host}.example.org:5000/${path}`),
        requireDigest: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
    tempo: fc.record(
      {
        retention: fc.integer({ min: 1, max: 90 }).map((days) => `${days}d`),
        longestAnswer: fc.integer({ min: 1, max: 30 }).map((minutes) => `${minutes}m`),
        maxActiveSeries: fc.integer({ min: 3000, max: 1_000_000 }),
        image: fc
          .tuple(name, fc.constantFrom("", `@sha256:${"a".repeat(64)}`))
          .map(([registry, digest]) => `${registry}.example.org:5000/grafana/tempo:3.0.3${digest}`),
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
    // So little that any of those volumes holds it.
    traffic: fc.record({ requestsPerMinute: fc.constant(1), models: fc.integer({ min: 1, max: 10 }) }),
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
  { requiredKeys: ["cluster", "traffic"] },
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

  it("is the same whichever way data sources and dashboards are delivered", () => {
    assert.equal(digestOf({ grafana: { delivery: "api", url: "https://grafana.example.org" } }), reference);
  });

  it("is the same in every committed environment", async () => {
    const digests = new Set<string>();
    for (const environment of environments()) digests.add((await run(environment)).outputs.bundleDigest);
    assert.equal(digests.size, 1);
    assert.match([...digests][0]!, /^[0-9a-f]{16}$/);
  });

  it("is another for another line of Tempo", () => {
    const lines = ["3.0", "2.10"].map((line) => digestOf({ tempo: { line } }));
    assert.equal(new Set(lines).size, lines.length);
    assert.ok(lines.includes(reference));
  });

  it("is another for another release of Tempo, whatever registry it is pulled from", () => {
    const release = fc.stringMatching(/^[0-9]\.[0-9]\.[0-9]$/).filter((tag) => tag !== "3.0.3");
    const image = fc.tuple(fc.constantFrom("docker.io/", "localhost/", "localhost:5000/", ""), release);
    fc.assert(
      fc.property(image, ([registry, tag]) => {
        assert.notEqual(digestOf({ tempo: { image: `${registry}grafana/tempo:${tag}` } }), reference);
      }),
      { numRuns: 20 },
    );
  });

  for (const registry of ["", "docker.io/", "localhost/", "localhost:5000/", "registry.example.org/"]) {
    it(`is the same for the same image of ${registry || "no registry that is named"}`, () => {
      assert.equal(digestOf({ tempo: { image: `${registry}grafana/tempo:3.0.3` } }), reference);
    });
  }

  for (const image of [
    "docker.io/grafana/tempo-fork:3.0.3",
    "docker.io/attacker/tempo:3.0.3",
    "registry.example.org/mirror/grafana/tempo:3.0.3",
    "tempo:3.0.3",
    `docker.io/grafana/tempo@sha256:${"0".repeat(64)}`,
  ]) {
    it(`is another for ${image}: of another repository, or of no release that is named`, () => {
      assert.notEqual(digestOf({ tempo: { image } }), reference);
    });
  }

  it("is the hash of all that, of the stack's version and of the providers'", () => {
    const bundle = bundleOf(settingsOf({}));
    const contents = bundleContents(bundle);
    const hash = createHash("sha256").update(JSON.stringify(contents)).digest("hex").slice(0, 16);
    assert.equal(bundleDigest(bundle), hash);
    assert.deepEqual(contents.providers, [
      manifest.dependencies["@pulumi/kubernetes"],
      manifest.dependencies["@pulumiverse/grafana"],
    ]);
    assert.equal(contents.stackVersion, manifest.version);
  });
});

/** An object of a bundle, as far as these tests look into it. */
interface Planned {
  readonly kind: string;
  readonly name: string;
  readonly object: { spec?: Record<string, unknown> };
  readonly options?: { retainOnDelete?: boolean; protect?: boolean };
  after?: readonly string[];
}

/** A copy of the bundle that may be changed. */
interface Draft {
  readonly products: {
    readonly providers: Record<"cluster" | "grafana", Record<string, unknown>>;
    objects: Planned[];
    readonly grafanaApi: { readonly dashboards: { readonly args: { overwrite: boolean } }[] };
    readonly applicationEnv: { readonly litellm: Record<string, string> };
  }[];
}

const ofKind = ({ products }: Draft, kind: string): Planned[] =>
  products.flatMap(({ objects }) => objects.filter((object) => object.kind === kind));

const changes: Readonly<Record<string, (draft: Draft) => unknown>> = {
  "the volume is deleted with the stack": (draft) =>
    ofKind(draft, "PersistentVolumeClaim").map(({ options }) => delete options!.retainOnDelete),
  "the namespace is deleted with the stack": (draft) =>
    ofKind(draft, "Namespace").map(({ options }) => delete options!.retainOnDelete),
  "the volume is never protected": (draft) =>
    ofKind(draft, "PersistentVolumeClaim").map(({ options }) => (options!.protect = false)),
  "there are no network policies": ({ products }) =>
    products.map((each) => (each.objects = each.objects.filter(({ kind }) => kind !== "NetworkPolicy"))),
  "there are more replicas": (draft) =>
    ofKind(draft, "StatefulSet").map(({ object }) => (object.spec!["replicas"] = 2)),
  "the workload does not wait for its configuration": (draft) =>
    ofKind(draft, "StatefulSet").map((planned) => (planned.after = [])),
  "a changed ConfigMap is replaced": ({ products }) =>
    products.map(({ providers }) => (providers.cluster["enableConfigMapMutable"] = false)),
  "every cluster has one name": ({ products }) =>
    products.map(({ providers }) => (providers.cluster["clusterIdentifier"] = "one")),
  "Grafana's API refuses a dashboard that is there": ({ products }) =>
    products.map(({ grafanaApi }) => grafanaApi.dashboards.map(({ args }) => (args.overwrite = false))),
  "applications are told something else": ({ products }) =>
    products.map(({ applicationEnv }) => (applicationEnv.litellm["LITELLM_OTEL_V2"] = "false")),
};

describe("the bundle's digest is another when", () => {
  const bundle = bundleOf(settingsOf({}));

  for (const [what, change] of Object.entries(changes)) {
    it(what, () => {
      const draft = structuredClone(bundle) as unknown as Draft;
      change(draft);
      assert.notEqual(bundleDigest(draft as unknown as Bundle), bundleDigest(bundle));
    });
  }
});

describe("the bundle", () => {
  const { products } = bundleOf(settingsOf({}));

  for (const [index, sections] of referenceSections.entries()) {
    it(`is what the program registers with ${describeSections(sections)}`, async () => {
      const result = await run("dev", { tempo: {}, ...sections });
      const product = products[index]!;
      assert.deepEqual(byName(registered(result)), byName(plain(product.objects).map(withoutOrder)));
      assert.deepEqual(provider(result, "kubernetes"), asText(plain(product.providers)["cluster"]!));
      assert.deepEqual(result.outputs.applicationEnv, product.applicationEnv);
    });
  }

  it("is what Grafana's API is told where that is the way of delivery", async () => {
    const { grafana, ...sections } = referenceSections[1]!;
    const result = await run("dev", {
      ...sections,
      grafana: { ...grafana, delivery: "api" },
      openobservePassword: { secure: "v1:c29tZXRoaW5n" },
    });
    const { providers, grafanaApi } = products[1]! as unknown as {
      providers: { grafana: object };
      grafanaApi: Record<"datasources" | "dashboards", { name: string; args: object }[]> & { folder: object };
    };
    // The folder's uid is Grafana's, the password the environment's.
    const own = ({ inputs: { folder, secureJsonDataEncoded, ...args } }: Run["resources"][0]) => args;
    const told = result.resources
      .filter(({ type }) => type.startsWith("grafana:"))
      .map((resource) => ({ name: resource.name, args: own(resource) }));
    const planned = [
      { name: "folder", args: grafanaApi.folder },
      ...grafanaApi.dashboards,
      ...grafanaApi.datasources.map(({ name, args }) => ({
        name,
        args: own({ type: "", name, inputs: args as Record<string, unknown> }),
      })),
    ];
    assert.deepEqual(byName(told), byName(planned));
    assert.deepEqual(provider(result, "grafana"), providers.grafana);
  });
});

function describeSections(sections: object): string {
  return Object.keys(sections).length === 0 ? "nothing set" : JSON.stringify(sections);
}

const plain = <T>(value: T): T & Record<string, object> =>
  JSON.parse(JSON.stringify(value)) as T & Record<string, object>;

const byName = <T extends { readonly name: string; readonly kind?: string }>(list: readonly T[]): T[] =>
  list.toSorted((a, b) => (`${a.kind} ${a.name}` < `${b.kind} ${b.name}` ? -1 : 1));

/** The objects that were registered, as a bundle has them. */
function registered({ resources, registrations }: Run) {
  return resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ type, name, inputs: { apiVersion, ...inputs } }) => {
      const { kind, ...object } = inputs as { kind: string };
      const { protect, retainOnDelete } = registrations.find(
        (each) => each.type === type && each.name === name,
      )!;
      return { kind, name, object, protect, retainOnDelete };
    });
}

const withoutOrder = (planned: object) => {
  const { kind, name, options, object: whole } = planned as Planned;
  // Only an object of a kind that Pulumi does not know says itself of which it is.
  const { apiVersion, kind: ownKind, ...object } = whole as Record<string, unknown>;
  return {
    kind,
    name,
    object,
    protect: options?.protect ?? false,
    retainOnDelete: options?.retainOnDelete ?? false,
  };
};

const provider = ({ resources }: Run, name: string) =>
  resources.find(({ type }) => type === `pulumi:providers:${name}`)!.inputs;

/** Arguments as providers get them. */
const asText = (args: object): object =>
  Object.fromEntries(
    Object.entries(args).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
