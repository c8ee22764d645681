// Ends of an evaluation that pass through whatever functions stand around them. Caught by `evaluate`, which answers them as data.

export class FlowInterruption extends Error {
  override readonly name = 'FlowInterruption';
  readonly flow: 'ignore-attribute' | 'ignore-object';
  constructor(flow: FlowInterruption['flow']) {
    super(flow);
    this.flow = flow;
  }
}
// One of each for all objects: these are ordinary results, and a stack trace costs more than an evaluation.
export const ignoreAttribute = new FlowInterruption('ignore-attribute');
export const ignoreObject = new FlowInterruption('ignore-object');

export class AllTaken extends Error {
  override readonly name = 'AllTaken';
  readonly candidates: readonly string[];
  constructor(candidates: readonly string[]) {
    super(
      `SelectUniqueValue: other accounts have all of these values already: ${candidates.join(', ')}. Add a rule that gives another one.`,
    );
    this.candidates = candidates;
  }
}
