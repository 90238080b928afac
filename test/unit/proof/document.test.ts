import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULTS } from '../../../proof/processes/faults';
import { WINDOWS } from '../../../proof/processes/windows';
import { readTrials } from '../../../proof/mutants/trials-file';
import { quoteOf, renderDocument } from '../../../proof/render-document';
import { emptyReport, readReport } from '../../../proof/report';
import { storedPlans } from '../../../proof/rounds-of-run';
import { faultOf } from '../../../proof/processes/faults';
import { whyImpossible } from '../../../proof/processes/why-impossible';

const ROOT = join(__dirname, '../../..');

test('the document: every window and fault is in it, and what is not covered', () => {
  const text = renderDocument(emptyReport(), []);
  for (const name of [...Object.keys(WINDOWS), ...Object.keys(FAULTS)]) expect(text).toContain(`| ${name} |`);
  expect(text).toContain('## What is not covered');
  expect(text).toContain('0 of ');
  expect(text).toContain('| no quarantine | not tried |');
});

test('docs/proof.md: what the report that is checked in makes', () => {
  const path = join(ROOT, 'docs', 'proof.md');
  expect(existsSync(path)).toBe(true);
  const report = readReport(join(ROOT, 'proof', 'results', 'report.json'));
  const words = (text: string) => text.replaceAll(/[\s|-]+/g, ' ').trim();
  expect(words(readFileSync(path, 'utf8'))).toBe(
    words(renderDocument(report, readTrials(join(ROOT, 'docs', 'mutants.json')))),
  );
});

test('the README: quotes that report', () => {
  const report = readReport(join(ROOT, 'proof', 'results', 'report.json'));
  expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain(quoteOf(report));
});

test('the stored plans: each can still be played', () => {
  const plans = storedPlans();
  expect(plans.length).toBeGreaterThan(0);
  for (const { id, fault, window, operation } of plans) {
    expect(id).toMatch(/^stored\./);
    expect(faultOf(fault)).toBeDefined();
    expect(whyImpossible({ window: window ?? '', fault, operation })).toBeUndefined();
  }
});
