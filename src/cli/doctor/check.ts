/** One thing `doctor` looked at. */
export interface Check {
  readonly subject: string;
  readonly verdict: 'ok' | 'note' | 'wrong';
  /** What was found, and what to do about it. */
  readonly finding: string;
}

const SUBJECT_WIDTH = 14;

export const formatCheck = ({ subject, verdict, finding }: Check): string =>
  `  ${verdict.padEnd(5)}  ${subject.padEnd(SUBJECT_WIDTH)}  ${finding}\n`;
