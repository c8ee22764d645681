// docs/metrics.md, from the table of metrics.
import { metricsTable } from '../../src/app/metrics/table.ts';
import type { Metric } from '../../src/app/metrics/table.ts';

export const metricsPage = (): string =>
  [
    '# Metrics',
    '',
    'In the form of Prometheus. Written from `src/app/metrics/table.ts`. The API shows its own at `/metrics`, to who has the role',
    '*reader*; schedulers and workers show theirs on `PROVISOR_METRICS_PORT`. *of all*: read from the database, shown by the API',
    'only; the others are of each process, and are added up. Beside them are those of Node.js, with the prefix `provisor_`.',
    '',
    '`job` is the id of a job, empty for what belongs to none; `provisor_job_info` leads from it to the name of the application.',
    'Dashboard and alert rules are in `config/grafana` and `config/prometheus`; `docker compose --profile monitoring up` starts',
    'both.',
    '',
    '| Name | Type | Labels | Meaning |',
    '| --- | --- | --- | --- |',
    ...Object.entries<Metric>(metricsTable).map(
      ([name, metric]) => `| \`${name}\` | ${typeOf(metric)} | ${labelsOf(metric)} | ${metric.help} |`,
    ),
    '',
  ].join('\n');

const typeOf = (metric: Metric): string =>
  metric.type === 'gauge' && metric.of === 'database' ? 'gauge of all' : metric.type;
const labelsOf = ({ labels }: Metric): string => labels.map((label) => `\`${label}\``).join(', ') || '—';
