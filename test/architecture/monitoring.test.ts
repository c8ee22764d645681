// The dashboard and the alert rules ask for metrics that exist, by labels that they have, in PromQL that can be read.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { metricsTable } from '../../src/app/metrics/table.ts';
import type { Metric } from '../../src/app/metrics/table.ts';

const root = join(import.meta.dirname, '..', '..');
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');

interface Dashboard {
  readonly panels: readonly {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
    readonly gridPos: { readonly x: number; readonly w: number };
  }[];
  readonly templating: { readonly list: readonly { readonly query: { readonly query: string } }[] };
}
interface Rules {
  readonly groups: readonly {
    readonly name: string;
    readonly rules: readonly {
      readonly alert: string;
      readonly expr: string;
      readonly labels: { readonly severity: string };
      readonly annotations: { readonly summary: string; readonly description: string };
    }[];
  }[];
}

const dashboard = JSON.parse(read('config', 'grafana', 'provisor.json')) as Dashboard;
const rules = (parse(read('config', 'prometheus', 'alerts.yml')) as Rules).groups.flatMap((group) => group.rules);
const asked: readonly (readonly [where: string, expr: string])[] = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
];

/** What Prometheus adds to every series. */
const everywhere = ['job', 'instance'];
const known = new Map<string, readonly string[]>([
  ['up', []],
  ...Object.entries<Metric>(metricsTable).flatMap(([name, { type, labels }]): [string, readonly string[]][] =>
    type === 'histogram'
      ? [
          [`${name}_bucket`, [...labels, 'le']],
          [`${name}_sum`, labels],
          [`${name}_count`, labels],
        ]
      : [[name, labels]],
  ),
]);

/** Grafana's own variables stand for durations. */
const asPromQl = (expr: string): string => expr.replaceAll('$__rate_interval', '5m');

function problemsOf(text: string): readonly string[] {
  const expr = asPromQl(text);
  const problems: string[] = [];
  const textOf = ({ from, to }: { readonly from: number; readonly to: number }): string => expr.slice(from, to);
  parser.parse(expr).iterate({
    enter(node) {
      if (node.type.isError) problems.push(`no PromQL at ${String(node.from)}`);
      if (node.name === 'VectorSelector') problems.push(...selectorProblems(node.node, textOf));
      if (node.name === 'GroupingLabels' && node.node.parent?.name === 'AggregateModifier')
        problems.push(...groupingProblems(node.node, textOf));
    },
  });
  return problems;
}

type TextOf = (node: SyntaxNode) => string;
const metricOf = (selector: SyntaxNode, textOf: TextOf): string =>
  selector.getChild('Identifier') === null ? '' : textOf(selector.getChild('Identifier') ?? selector);

function selectorProblems(selector: SyntaxNode, textOf: TextOf): readonly string[] {
  const name = metricOf(selector, textOf);
  const labels = known.get(name);
  if (labels === undefined) return [`there is no metric ${name}`];
  const matchers = selector.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
  return matchers
    .map((matcher) => textOf(matcher.getChild('LabelName') ?? matcher))
    .filter((label) => ![...labels, ...everywhere].includes(label))
    .map((label) => `${name} has no label ${label}`);
}

function groupingProblems(grouping: SyntaxNode, textOf: TextOf): readonly string[] {
  const aggregate = grouping.parent?.parent ?? grouping;
  const selectors: SyntaxNode[] = [];
  aggregate.cursor().iterate((node) => {
    if (node.name === 'VectorSelector') selectors.push(node.node);
  });
  const wanted = grouping.getChildren('LabelName').map(textOf);
  return selectors.flatMap((selector) => {
    const name = metricOf(selector, textOf);
    const labels = [...(known.get(name) ?? []), ...everywhere];
    return wanted.filter((label) => !labels.includes(label)).map((label) => `${name} has no label ${label}`);
  });
}

/** Of all metrics that an expression asks for. */
const labelsIn = (expr: string): readonly string[] => [
  ...everywhere,
  ...[...known].flatMap(([name, labels]) => (expr.includes(name) ? labels : [])),
];

describe('the check itself', () => {
  it.each([
    ['sum by (job) (rate(provisor_nothing_total[5m]))', 'there is no metric provisor_nothing_total'],
    ['provisor_jobs{colour="red"}', 'provisor_jobs has no label colour'],
    ['sum by (colour) (provisor_jobs)', 'provisor_jobs has no label colour'],
    ['provisor_jobs{status="Active"', 'no PromQL at 29'],
    ['provisor_cycle_duration_seconds', 'there is no metric provisor_cycle_duration_seconds'],
  ])('refuses %s', (expr, problem) => expect(problemsOf(expr)).toContain(problem));
});

describe('dashboard and alert rules', () => {
  it('ask for something', () => expect([rules.length > 10, dashboard.panels.length > 20]).toEqual([true, true]));

  it.each(asked)('%s: %s', (_where, expr) => expect(problemsOf(expr)).toEqual([]));

  it('tell who and what to do with every alert, in words of labels that are left', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, annotations, labels, expr } of rules) {
      expect(['critical', 'warning', 'info']).toContain(labels.severity);
      expect(annotations.description.length).toBeGreaterThan(30);
      for (const [, label] of annotations.summary.matchAll(/\$labels\.(\w+)/g))
        expect([alert, label, labelsIn(expr).includes(label ?? '')]).toEqual([alert, label, true]);
      if (/^sum\([^)]/.test(expr.trim())) expect(annotations.summary).not.toContain('$labels');
    }
  });

  it('name commands that exist', async () => {
    const { buildProgram } = await import('../../src/cli/program.ts');
    const program = buildProgram('1.2.3', () => undefined);
    for (const { annotations } of rules)
      for (const [, words = ''] of annotations.description.matchAll(/`provisor ([a-z ]+?)[ `']/g)) {
        const [first, second] = words.trim().split(' ');
        const command = program.commands.find((each) => each.name() === first);
        expect([words, command?.name()]).toEqual([words, first]);
        if (second !== undefined && (command?.commands.length ?? 0) > 0)
          expect(command?.commands.map((each) => each.name())).toContain(second);
      }
  });

  it('draw every panel inside the width of the dashboard, with an id of its own', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    for (const { gridPos } of dashboard.panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    for (const { query } of dashboard.templating.list)
      expect(known.has(/label_values\((\w+),/.exec(query.query)?.[1] ?? '')).toBe(true);
  });

  it('name series after labels that the query leaves', () => {
    for (const { targets = [] } of dashboard.panels)
      for (const { expr, legendFormat } of targets)
        for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
          const grouped = /^(?:histogram_quantile\([\d.]+, )?(?:sum|max) by \(([^)]*)\)/.exec(expr)?.[1];
          if (grouped !== undefined) expect(grouped.split(', ')).toContain(label);
        }
  });
});

describe('docker-compose.yml', () => {
  interface Compose {
    readonly services: Readonly<
      Record<string, { readonly profiles?: readonly string[]; readonly volumes?: readonly string[] }>
    >;
    readonly volumes: Readonly<Record<string, unknown>>;
  }
  const compose = parse(read('docker-compose.yml'), { merge: true }) as Compose;

  it('starts Prometheus and Grafana only when they are asked for', () => {
    for (const name of ['prometheus', 'grafana']) expect(compose.services[name]?.profiles).toEqual(['monitoring']);
  });

  it('mounts files that exist and volumes that are declared', () => {
    for (const { volumes = [] } of Object.values(compose.services))
      for (const volume of volumes) {
        const [from = ''] = volume.split(':');
        expect([from, from.startsWith('.') ? existsSync(join(root, from)) : from in compose.volumes]).toEqual([
          from,
          true,
        ]);
      }
  });

  it('reads the processes of the composition', () => {
    const { scrape_configs: jobs } = parse(read('config', 'prometheus', 'prometheus.yml')) as {
      scrape_configs: readonly {
        honor_labels: boolean;
        static_configs?: readonly { targets: readonly string[] }[];
        dns_sd_configs?: readonly { names: readonly string[]; port: number }[];
      }[];
    };
    const hosts = jobs.flatMap(({ static_configs: fixed = [], dns_sd_configs: found = [] }) => [
      ...fixed.flatMap(({ targets }) => targets.map((target) => target.split(':')[0] ?? '')),
      ...found.flatMap(({ names }) => names),
    ]);
    expect(hosts.sort()).toEqual(['api', 'notifier', 'scheduler', 'worker']);
    for (const host of hosts) expect(compose.services).toHaveProperty(host);
    expect(jobs.every(({ honor_labels: honored }) => honored)).toBe(true);
    for (const { port } of jobs.flatMap(({ dns_sd_configs: found = [] }) => found))
      expect(read('docker-compose.yml')).toContain(`PROVISOR_METRICS_PORT: '${String(port)}'`);
  });
});
