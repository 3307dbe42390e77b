import type {
  DelayResult,
  FailedResult,
  MemoryResult,
  Result,
  ScalingResult,
  ThroughputResult,
} from '../experiments/results.ts';
import { formatTable } from './format-table.ts';

/** Writes the results as Markdown, under the line that says what they were measured on. */
export function formatReport(machine: string, settings: string, results: readonly Result[]): string {
  const throughput = results.filter((result): result is ThroughputResult => result.kind === 'throughput');
  const scaling = results.filter((result): result is ScalingResult => result.kind === 'scaling');
  const memory = results.filter((result): result is MemoryResult => result.kind === 'memory');
  const delays = results.filter((result): result is DelayResult => result.kind === 'delay');
  const failed = results.filter((result): result is FailedResult => result.kind === 'failed');
  return [
    `Machine: ${machine}\nSettings: ${settings}`,
    formatThroughput(throughput),
    formatCost(throughput),
    formatTails(throughput),
    formatScaling(scaling),
    formatMemory(memory),
    formatDelays(delays),
    formatFailures(failed),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const formatThroughput = (results: readonly ThroughputResult[]): string =>
  formatTable(
    ['throughput', 'per second', 'reference', 'ratio', 'of rounds', 'p50 ms', 'p99 ms', 'target', 'verdict'],
    results.map(({ title, product, reference, ratio, ratios, ratioTarget }) => [
      title,
      product.perSecond.toFixed(0),
      reference.perSecond.toFixed(0),
      ratio.toFixed(2),
      `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
      formatPair(product.p50, reference.p50),
      formatPair(product.p99, reference.p99),
      ratioTarget === undefined ? '-' : `>= ${ratioTarget}`,
      ratioTarget === undefined ? '-' : verdict(ratio >= ratioTarget),
    ]),
  );

const formatCost = (results: readonly ThroughputResult[]): string =>
  formatTable(
    [
      'server process',
      'CPU ms per request',
      'reference',
      'ratio',
      'RSS MB',
      'reference',
      'target',
      'verdict',
    ],
    results.map(({ title, product, reference, cpuRatio, cpuTarget }) => [
      title,
      formatNumber(product.cpuMs, 3),
      formatNumber(reference.cpuMs, 3),
      formatNumber(cpuRatio, 2),
      formatMegabytes(product.residentBytes),
      formatMegabytes(reference.residentBytes),
      cpuTarget === undefined ? '-' : `<= ${cpuTarget}`,
      cpuTarget === undefined || cpuRatio === undefined ? '-' : verdict(cpuRatio <= cpuTarget),
    ]),
  );

const formatScaling = (results: readonly ScalingResult[]): string =>
  formatTable(
    ['scaling', 'size', 'p50 ms', 'p99 ms', 'reference p50', 'against smallest', 'target', 'verdict'],
    results.flatMap(({ rows }) =>
      rows.map(({ title, size, product, reference, growth, growthTarget }) => [
        title,
        size.toLocaleString('en-US'),
        product.p50.toFixed(2),
        product.p99.toFixed(2),
        reference.p50.toFixed(2),
        growth.toFixed(2),
        growthTarget === undefined ? '-' : `<= ${growthTarget}`,
        growthTarget === undefined ? '-' : verdict(growth <= growthTarget),
      ]),
    ),
  );

const formatMemory = (results: readonly MemoryResult[]): string =>
  formatTable(
    ['memory', 'server', 'before MB', 'peak MB', 'largest change MB', 'target', 'verdict'],
    results.map(({ title, server, beforeBytes, peakBytes, deltaBytes, deltaTarget }) => [
      title,
      server,
      formatMegabytes(beforeBytes),
      formatMegabytes(peakBytes),
      formatMegabytes(deltaBytes),
      `within ${formatMegabytes(deltaTarget)}`,
      verdict(Math.abs(deltaBytes) <= deltaTarget),
    ]),
  );

/** Latency of a server against itself: how far the slow answers are from the usual ones. */
const formatTails = (results: readonly ThroughputResult[]): string =>
  formatTable(
    ['tail', 'p50 ms', 'p99 ms', 'p99 over p50', 'target', 'verdict'],
    results.flatMap(({ title, product: { p50, p99 }, tailTarget }) =>
      tailTarget === undefined
        ? []
        : [
            [
              title,
              p50.toFixed(2),
              p99.toFixed(2),
              (p99 / p50).toFixed(2),
              `<= ${tailTarget}`,
              verdict(p99 <= p50 * tailTarget),
            ],
          ],
    ),
  );

const formatDelays = (results: readonly DelayResult[]): string =>
  formatTable(
    ['delay', 'measured', 'not at once', 'p50 ms', 'p99 ms', 'largest ms', 'target p99', 'verdict'],
    results.map(({ title, count, late, p50, p99, largest, target }) => [
      title,
      String(count),
      String(late),
      p50.toFixed(2),
      p99.toFixed(2),
      largest.toFixed(2),
      `<= ${target}`,
      verdict(p99 <= target),
    ]),
  );

const formatFailures = (results: readonly FailedResult[]): string =>
  formatTable(
    ['not measured', 'reason'],
    results.map(({ cell, reason }) => [cell, reason]),
  );

const verdict = (passed: boolean): string => (passed ? 'pass' : '**miss**');
const formatPair = (product: number, reference: number): string =>
  `${product.toFixed(2)} / ${reference.toFixed(2)}`;
const formatNumber = (value: number | undefined, digits: number): string => value?.toFixed(digits) ?? 'n/a';
const formatMegabytes = (bytes: number | undefined): string =>
  bytes === undefined ? 'n/a' : (bytes / 1_024 ** 2).toFixed(0);
