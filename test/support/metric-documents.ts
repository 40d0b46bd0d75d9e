import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

const file = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');

const rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string(),
          labels: z.object({ severity: z.enum(['page', 'ticket']) }),
          annotations: z.object({ summary: z.string(), runbook: z.string() }),
        }),
      ),
    }),
  ),
});

const board = z.object({
  panels: z.array(
    z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).optional() }),
  ),
});

/** The alert rules of deploy/. */
export async function alerts() {
  const { groups } = rules.parse(parse(await file('deploy/prometheus/alerts.yml')));
  return groups.flatMap((group) => group.rules);
}

/** Every PromQL expression of the alert rules and of the board. */
export async function expressions(): Promise<string[]> {
  const { panels } = board.parse(JSON.parse(await file('deploy/grafana/lifeguard.json')));
  const shown = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  return [...(await alerts()).map(({ expr }) => expr), ...shown];
}

const ROW = /^\| `(lifeguard_\w+)` \| (\w+) \| (.*?) \| (.*) \|$/gm;

/** The table of metrics in docs/observability.md. */
export async function documentedMetrics() {
  return [...(await file('docs/observability.md')).matchAll(ROW)].map(
    ([, name = '', type = '', labels = '', help = '']) => ({
      metric: { name, type, help },
      labels: labels.match(/\w+/g) ?? [],
    }),
  );
}

/** What to do about each alert: the titles in docs/observability.md. */
export async function runbooks(): Promise<(string | undefined)[]> {
  const titles = (await file('docs/observability.md')).matchAll(/^### (\w+)$/gm);
  return [...titles].map(([, title]) => title);
}
