import { z } from "zod";
import { applicationMetrics, formOf } from "../telemetry/application-metrics.ts";
import { latencyBoundsSeconds } from "../telemetry/generator.ts";
import { namespaceOfService } from "../service-url.ts";
import { overBudget } from "./budget.ts";
import { withoutCollector } from "./privacy.ts";
import { contraryRoles, setRole } from "./roles.ts";
import { sections, type Sections } from "./sections.ts";
import type { Duration } from "./units.ts";
import { conflict, type Conflict } from "./values.ts";

/** Namespaces of the cluster's own, which nobody may restrict or cut off. */
const clustersOwn = /^(default|kube-.*|openshift(-.*)?)$/;

/** Every setting of a stack, with what it means and what it is when not given. */
export const schema = z.strictObject(sections).superRefine((settings, context) => {
  const {
    environment,
    cluster,
    promotion,
    tempo,
    prometheus,
    applications,
    slo,
    alerts,
    collector,
    openobserve,
  } = settings;
  if (promotion.from === environment) {
    conflict(context, { path: ["promotion", "from"], message: "another environment than this one" });
  }
  // Else `pulumi up --stack prod` would go to whatever cluster its user looked at last.
  if (promotion.from !== undefined && cluster.context === undefined && !cluster.useCurrentContext) {
    conflict(context, {
      path: ["cluster", "context"],
      message:
        "this environment's kubeconfig context, because promotion.from is set; or cluster.useCurrentContext: true, " +
        "if any current context will do",
    });
  }
  betweenBounds(settings).forEach((sides) => conflict(context, ...sides));
  if (applications.slowRequest.seconds > tempo.longestAnswer.seconds) {
    conflict(
      context,
      { path: ["applications", "slowRequest"], message: "at most tempo.longestAnswer" },
      { path: ["tempo", "longestAnswer"], message: "at least applications.slowRequest" },
    );
  }
  if (slo.latency.under.seconds > tempo.longestAnswer.seconds) {
    conflict(
      context,
      { path: ["slo", "latency", "under"], message: "at most tempo.longestAnswer" },
      { path: ["tempo", "longestAnswer"], message: "at least slo.latency.under" },
    );
  }
  const { under: firstToken } = slo.firstToken;
  if (collector.enabled && firstToken && firstToken.seconds > slo.latency.under.seconds) {
    conflict(
      context,
      {
        path: ["slo", "firstToken", "under"],
        message: "at most slo.latency.under, which is to the last token",
      },
      {
        path: ["slo", "latency", "under"],
        message: "at least slo.firstToken.under, which is to the first token",
      },
    );
  }
  if (alerts.rules !== "none" && prometheus.scrape === "none") {
    conflict(
      context,
      {
        path: ["prometheus", "scrape"],
        message: "that Prometheus finds Tempo, else its alerts say that Tempo is down; or alerts.rules: none",
      },
      { path: ["alerts", "rules"], message: "none, because prometheus.scrape is none" },
    );
  }
  if (openobserve.credentialsSecret && !collector.enabled) {
    conflict(
      context,
      {
        path: ["openobserve", "credentialsSecret"],
        message: "not set, because collector.enabled is false and Tempo takes no logs",
      },
      { path: ["collector", "enabled"], message: "true, because openobserve.credentialsSecret is set" },
    );
  }
  [
    ...kafkaOrNone(settings),
    ...takenNamespaces(settings),
    ...overBudget(settings),
    ...withoutCollector(settings.collector, settings.privacy.mode),
  ].forEach((sides) => conflict(context, ...sides));
});

/** A distributed Tempo has Kafka between its roles, any other has no use for it. */
function kafkaOrNone(settings: Sections): [Conflict, ...Conflict[]][] {
  const { tempo, kafka } = settings;
  const isDistributed = tempo.mode === "distributed";
  const sized = isDistributed ? undefined : setRole(settings);
  if (sized) {
    return [
      [
        { path: ["tempo", "roles", sized], message: "nothing, because tempo.mode is monolithic" },
        { path: ["tempo", "mode"], message: `distributed, because tempo.roles.${sized} is set` },
      ],
    ];
  }
  if (isDistributed && kafka) return contraryRoles(settings);
  if (!isDistributed && !kafka) return [];
  return isDistributed
    ? [
        [
          { path: ["tempo", "mode"], message: "monolithic, because there is no kafka.address" },
          { path: ["kafka"], message: "an address, because tempo.mode is distributed" },
        ],
      ]
    : [
        [
          { path: ["kafka"], message: "nothing, because tempo.mode is monolithic" },
          { path: ["tempo", "mode"], message: "distributed, because kafka is set" },
        ],
      ];
}

/** A namespace that the stack creates is restricted and cut off by default: nobody else may live in it. */
function takenNamespaces({
  namespace,
  grafana,
  prometheus,
  openobserve,
  applications,
}: Sections): [Conflict, ...Conflict[]][] {
  if (!namespace.create) return [];
  const own = {
    path: ["namespace", "name"],
    message: "a namespace of Tempo's own; or namespace.create: false, if it exists",
  };
  if (clustersOwn.test(namespace.name)) return [[own]];
  const others: [path: (string | number)[], name: string | undefined][] = [
    [["grafana", "namespace"], grafana.namespace],
    [["prometheus", "namespace"], prometheus.namespace],
    [["openobserve", "url"], namespaceOfService(openobserve.url)],
    ...applications.namespaces.map((name, index): [(string | number)[], string] => [
      ["applications", "namespaces", index],
      name,
    ]),
  ];
  return others
    .filter(([, name]) => name === namespace.name)
    .map(([path]) => [
      own,
      { path, message: "another namespace than that which is created for Tempo (namespace.name)" },
    ]);
}

/** A length of time by which a histogram's are told apart. */
interface Compared {
  readonly path: readonly string[];
  readonly length: Duration;
  readonly bounds: readonly number[];
  /** Whether it is a native histogram where Prometheus takes those. */
  readonly canBeNative: boolean;
}

/** Lengths of time that a classic histogram cannot tell from others; a native one has bounds everywhere. */
function betweenBounds({ prometheus, applications, slo, collector }: Sections): [Conflict, ...Conflict[]][] {
  const { firstTokenSeconds } = applicationMetrics;
  const ofSpans = { bounds: latencyBoundsSeconds, canBeNative: true };
  const compared: readonly Compared[] = [
    { path: ["applications", "slowRequest"], length: applications.slowRequest, ...ofSpans },
    { path: ["slo", "latency", "under"], length: slo.latency.under, ...ofSpans },
    ...(collector.enabled && slo.firstToken.under
      ? [
          {
            path: ["slo", "firstToken", "under"],
            length: slo.firstToken.under,
            bounds: firstTokenSeconds.bounds,
            canBeNative: formOf(firstTokenSeconds, "native") === "native",
          },
        ]
      : []),
  ];
  return compared
    .filter(({ canBeNative }) => !(canBeNative && prometheus.nativeHistograms))
    .filter(({ length, bounds }) => !bounds.includes(length.seconds))
    .map(({ path, bounds, canBeNative }) => {
      const onBound = `one of the histogram's bounds: ${bounds.map((bound) => `${bound}s`).join(", ")}`;
      if (!canBeNative) return [{ path, message: onBound }];
      return [
        {
          path,
          message: `${onBound}; or prometheus.nativeHistograms: true, if Prometheus takes those`,
        },
        {
          path: ["prometheus", "nativeHistograms"],
          message: `true, if Prometheus takes those; or ${path.join(".")} on ${onBound}`,
        },
      ];
    });
}

/** The settings of one stack, checked, with defaults filled in. */
export type Settings = z.infer<typeof schema>;
