// The metrics of this process, in Prometheus' form. Names, types and labels are those of the table.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { metricsTable } from './table.ts';
import type { CounterName, GaugeName, HistogramName, Labels, Metric } from './table.ts';

export interface Metrics {
  count<N extends CounterName>(name: N, labels: Labels<N>, by?: number): void;
  observe<N extends HistogramName>(name: N, labels: Labels<N>, value: number): void;
  set<N extends GaugeName>(name: N, labels: Labels<N>, value: number): void;
  /** Series that are gone are to be shown no more. */
  clear(names: readonly GaugeName[]): void;
  /** `look` brings gauges up to date each time before they are shown. */
  beforeEach(look: () => void | Promise<void>): void;
  readonly contentType: string;
  text(): Promise<string>;
}

export const DEFAULT_PREFIX = 'provisor_';

export function openMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: DEFAULT_PREFIX });
  const { counters, gauges, histograms } = makeAll(registry);
  const looks: (() => void | Promise<void>)[] = [];
  return {
    count: (name, labels, by = 1) => counters.get(name)?.inc(labels, by),
    observe: (name, labels, value) => histograms.get(name)?.observe(labels, value),
    set: (name, labels, value) => gauges.get(name)?.set(labels, value),
    clear: (names) => {
      for (const name of names) gauges.get(name)?.reset();
    },
    beforeEach: (look) => void looks.push(look),
    contentType: registry.contentType,
    async text() {
      for (const look of looks) await look();
      return registry.metrics();
    },
  };
}

function makeAll(registry: Registry) {
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  for (const [name, metric] of Object.entries<Metric>(metricsTable)) {
    const common = { name, help: metric.help, labelNames: metric.labels, registers: [registry] };
    if (metric.type === 'counter') counters.set(name, new Counter(common));
    else if (metric.type === 'gauge') gauges.set(name, new Gauge(common));
    else histograms.set(name, new Histogram({ ...common, buckets: [...metric.buckets] }));
  }
  return { counters, gauges, histograms };
}
